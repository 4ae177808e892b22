/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CHECK_H
#define MAILIN_FUZZ_CHECK_H

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

/* Returns a copy in a block of exactly its size, which the caller frees. */
static inline char *
check_copy(const void *octets, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);

	CHECK(copy != NULL);
	if (len > 0)
		memcpy(copy, octets, len);
	return copy;
}

#endif
