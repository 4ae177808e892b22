/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_SCARCE_H
#define MAILIN_TESTS_SCARCE_H

#include <stdbool.h>
#include <stddef.h>

/* Memory that fails on request.  scarce_names.h makes a copy of libmailin-event
 * that uses it. */
void *scarce_malloc(size_t size);
void *scarce_calloc(size_t count, size_t size);
void *scarce_realloc(void *memory, size_t size);
void scarce_free(void *memory);

struct event;
struct timeval;
int scarce_event_add(struct event *event, const struct timeval *after);

/* Let the n-th allocation from now fail.  1 is the next allocation; 0 means
 * that no allocation fails. */
void scarce_fail(unsigned long n);

/* Let this many allocations from now on fail. */
void scarce_fail_next(unsigned long count);

/* Returns true if the allocation that scarce_fail() chose has failed. */
bool scarce_has_failed(void);

/* Returns the number of blocks in use. */
long scarce_blocks(void);

#endif
