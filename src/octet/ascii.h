/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ASCII_H
#define MAILIN_SRC_ASCII_H

#include <stdbool.h>

/* Classes of octets (RFC 5234 B.1).  They are the same in every locale. */

enum {
	ASCII_ALNUM = 1,     /* letters and digits */
	ASCII_LDH = 2,       /* letters, digits and hyphens */
	ASCII_ATEXT = 4,     /* atext (RFC 5322 3.2.3) */
	ASCII_VCHAR = 8,     /* printable, no space (RFC 5234 B.1) */
	ASCII_XCHAR = 16,    /* xtext does not encode it (RFC 3461 4) */
	ASCII_QTEXT = 32,    /* qtextSMTP, in quotes (RFC 5321 4.1.2) */
	ASCII_DCONTENT = 64, /* in address literals (RFC 5321 4.1.3) */
	ASCII_BASE64 = 128   /* without the padding (RFC 4648 4) */
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

/*@ assigns \nothing;
  @ ensures \result <==> 0x20 <= c <= 0x7e;
  @*/
static inline bool
ascii_is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/*@ assigns \nothing;
  @ ensures \result <==> '0' <= c <= '9';
  @*/
static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
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

/* Returns the value of a hexadecimal digit, or -1.  If any_case is true, "a" to
 * "f" are digits, too. */
/*@ assigns \nothing;
  @ ensures -1 <= \result <= 15;
  @*/
static inline int
ascii_hex_value(char c, bool any_case)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (any_case)
		c = ascii_upper(c);
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

#endif
