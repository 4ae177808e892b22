/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CHECK_H
#define MAILIN_FUZZ_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mailin.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert(), but NDEBUG does not remove it. */
#define CHECK(true_always) \
	do { \
		if (!(true_always)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
			    #true_always); \
			abort(); \
		} \
	} while (0)

/* Returns a copy of the octets.  A sanitizer, Valgrind or an inaccessible page
 * finds a read after its end.  Drop copies in reverse order. */
char *check_copy(const void *octets, size_t len);
void check_drop(char *copy, size_t len);

/* Returns a number from 0 to count - 1, which depends on all octets of the
 * input.  A target uses it to choose one of several ways to run an input. */
size_t check_choose(const uint8_t *data, size_t size, size_t count);

/* Returns true if each input must be run in all ways: the environment has
 * MAILIN_FUZZ_ALL.  fuzz/replay.sh sets it for the seeds. */
bool check_all(void);

#endif
