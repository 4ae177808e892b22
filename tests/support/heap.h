/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_HEAP_H
#define MAILIN_TESTS_HEAP_H

#include <stdint.h>

#include <mailin.h>

/*
 * An allocator for tests.  It counts, fails on request, and looks for a secret
 * in blocks that are freed.  It fills new blocks, so that they are never zero.
 */
struct heap {
	struct mailin_allocator allocator; /* for mailin_config_new_with */
	struct heap_block *blocks;         /* the blocks that were not freed */
	size_t octets; /* octets in use; peak: the most so far */
	size_t peak;
	uint64_t calls;   /* calls of alloc so far */
	uint64_t fail_at; /* the call that fails; 0: none */
	bool fail_on;     /* later calls fail, too */
	const char *secret;
	size_t leaks; /* blocks that were freed with the secret */
};

void heap_init(struct heap *heap);

/* Let the n-th call from now fail (1: the next); with on also all calls after
 * it. 0: no call fails any more. */
void heap_fail(struct heap *heap, uint64_t n, bool on);

/* Returns the number of blocks in use that contain the text. */
size_t heap_holding(const struct heap *heap, const char *text);

#endif
