/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLEAR_H
#define MAILIN_SRC_CLEAR_H

#include <string.h>

/* Make it 0.  In pieces: of one long memset of a known size gcc makes a rep
 * stos, which takes longer than all of a short command. */
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
