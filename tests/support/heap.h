/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_HEAP_H
#define MAILIN_TESTS_HEAP_H

#include <stdint.h>

#include <mailin.h>

/* An allocator for tests.  It counts its calls, fails on request, and looks
 * for a secret in blocks that are freed.  It fills new blocks with octets
 * other than 0. */
struct heap {
	struct mailin_allocator allocator; /* for mailin_config_new_with */
	struct heap_block *blocks;         /* the blocks that were not freed */
	size_t octets;                     /* octets in use */
	size_t peak;                       /* the maximum of "octets" */
	uint64_t calls;                    /* calls of alloc so far */
	uint64_t fail_at; /* this call of alloc fails, from 1; 0: none */
	bool fail_on;     /* true: all later calls fail, too */
	const char *secret;
	size_t leaks; /* freed blocks that contained the secret */
};

void heap_init(struct heap *heap);

/* Let the n-th call of alloc from now on fail.  1 is the next call; 0 means
 * that no call fails.  If on is true, all calls after it fail, too. */
void heap_fail(struct heap *heap, uint64_t n, bool on);

/* Returns the number of blocks in use that contain the text. */
size_t heap_holding(const struct heap *heap, const char *text);

#endif
