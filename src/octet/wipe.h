/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_WIPE_H
#define MAILIN_SRC_WIPE_H

#include <stddef.h>
#include <string.h>

/*
 * Overwrite memory with 0, although nobody reads it again.  A compiler may
 * leave out a plain memset() there.  explicit_bzero() would do, but not every
 * libc has it (those of mingw-w64 and macOS have not).  The empty asm tells the
 * compiler that somebody may read the memory, as in glibc's explicit_bzero().
 * tests/tree/wipe.sh looks at what either form leaves.
 */
static inline void
wipe(void *memory, size_t size)
{
#if defined __GNUC__ && !defined WIPE_BY_OCTETS
	if (size > 0)
		memset(memory, 0, size);
	__asm__ __volatile__("" : : "r"(memory) : "memory");
#else
	volatile unsigned char *octets = memory;

	while (size > 0)
		octets[--size] = 0;
#endif
}

#endif
