/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "wipe.h"

/* explicit_bzero is not in every libc.  The compiler cannot know what a
 * volatile pointer points to, and so has to call it. */
static void *(*const volatile overwrite)(void *, int, size_t) = memset;

void
wipe(void *octets, size_t len)
{
	if (len > 0)
		overwrite(octets, 0, len);
}
