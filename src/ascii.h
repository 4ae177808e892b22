/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ASCII_H
#define MAILIN_SRC_ASCII_H

#include <stdbool.h>

/* Octets as RFC 5234 B.1 sees them: no locale, no <ctype.h>, no sign. */

static inline bool
ascii_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool
ascii_is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

static inline bool
ascii_is_alnum(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9');
}

static inline bool
ascii_is_eight_bit(char c)
{
	return (unsigned char)c > 0x7f;
}

static inline char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

#endif
