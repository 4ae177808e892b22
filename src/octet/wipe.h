/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_WIPE_H
#define MAILIN_SRC_WIPE_H

#include <stddef.h>
#include <string.h>

/*
 * Overwrite memory with 0, even if it is never read again.  A compiler may
 * remove a plain memset() of such memory.  explicit_bzero() does not exist in
 * every libc (for example mingw-w64, macOS).  The empty asm tells the compiler
 * that the memory may be read; glibc's explicit_bzero() does the same.
 * tests/tree/wipe.sh checks that both forms leave zeros.
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
