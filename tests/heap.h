/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_HEAP_H
#define MAILIN_TESTS_HEAP_H

#include <stdint.h>

#include <mailin.h>

/*
 * Memory that is watched: it counts, fails when it is told to, and looks for
 * a secret in what is freed.  What it gives out is never zero at first.
 */
struct heap {
	struct mailin_allocator allocator; /* for mailin_config_new_with */
	struct heap_block      *blocks;    /* all that is not freed */
	size_t                  octets;    /* of them, and the most ever */
	size_t                  peak;
	uint64_t                calls;     /* of alloc */
	uint64_t                fail_at;   /* this one fails; 0: none does */
	bool                    fail_on;   /* and so do all behind it */
	const char             *secret;
	size_t                  leaks;     /* blocks freed that held it */
};

void heap_init(struct heap *heap);

/* Fail call number n from here, 1 the next; 0: none any more. */
void heap_fail(struct heap *heap, uint64_t n, bool on);

/* How many blocks hold the text, of those not freed. */
size_t heap_holding(const struct heap *heap, const char *text);

#endif
