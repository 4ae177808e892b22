/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLEAR_H
#define MAILIN_SRC_CLEAR_H

#include <string.h>

/* Set memory to 0, in steps of 64 octets.  gcc turns one long memset of
 * constant size into "rep stos", which takes longer than to parse a short
 * command. */
static inline void
clear(void *memory, size_t size)
{
	char *at = memory;

	if (size > 64) {
		memset(at, 0, 64);
		at += 64;
		size -= 64;
	}
	if (size > 64) {
		memset(at, 0, 64);
		at += 64;
		size -= 64;
	}
	memset(at, 0, size);
}

#endif
