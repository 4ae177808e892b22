/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PARSE_OCTETS_H
#define MAILIN_PARSE_OCTETS_H

#include <stdio.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

/* Read and write the octets of standard input and output as they are.  Windows
 * would drop each CR before a LF, add others, and stop at the octet 0x1a. */
static inline void
use_plain_octets(void)
{
#ifdef _WIN32
	_setmode(_fileno(stdin), _O_BINARY);
	_setmode(_fileno(stdout), _O_BINARY);
#endif
}

#endif
