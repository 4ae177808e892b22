/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ASCII_H
#define MAILIN_SRC_ASCII_H

#include <stdbool.h>

/* Classes of octets, as in RFC 5234 B.1.  They do not depend on a locale. */

/* The classes that an octet belongs to. */
enum {
	ASCII_ALNUM = 1,     /* letters and digits */
	ASCII_LDH = 2,       /* letters, digits and hyphens */
	ASCII_ATEXT = 4,     /* RFC 5322 3.2.3 */
	ASCII_VCHAR = 8,     /* RFC 5234 B.1: printable, no space */
	ASCII_XCHAR = 16,    /* RFC 3461 4: not encoded in xtext */
	ASCII_QTEXT = 32,    /* RFC 5321 4.1.2: in quotes, qtextSMTP */
	ASCII_DCONTENT = 64, /* RFC 5321 4.1.3: in address literals */
	ASCII_BASE64 = 128   /* RFC 4648 4, without the padding */
};

extern const unsigned char mailin_ascii[256];

/*@ assigns \nothing; */
static inline bool
ascii_is(unsigned char octet, int class)
{
	return (mailin_ascii[octet] & class) != 0;
}

/*@ assigns \nothing; */
static inline bool
ascii_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*@ assigns \nothing; */
static inline bool
ascii_is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/*@ assigns \nothing; */
static inline bool
ascii_is_alnum(char c)
{
	return ascii_is((unsigned char)c, ASCII_ALNUM);
}

/*@ assigns \nothing; */
static inline bool
ascii_is_eight_bit(char c)
{
	return (unsigned char)c > 0x7f;
}

/*@ assigns \nothing;
  @ ensures \result == ('a' <= c <= 'z' ? c - 32 : c);
  @*/
static inline char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

#endif
