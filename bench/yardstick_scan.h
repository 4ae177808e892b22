/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_YARDSTICK_SCAN_H
#define MAILIN_BENCH_YARDSTICK_SCAN_H

#include <stdint.h>

#include <mailin/span.h>

/* The elements that the yardstick reads.  Each function reads one of them, and
 * returns the position after it, or NULL. */

typedef const unsigned char octets;

#define ATEXT  1u /* in a Dot-string (RFC 5321 4.1.2) */
#define LETDIG 2u
#define LDH    4u /* LETDIG and "-" */
#define QTEXT  8u /* qtextSMTP */
#define PRINT  16u
#define XCHAR  32u /* RFC 3461 4, without "+" */
#define BASE64 64u

#define TEXT   (PRINT | QTEXT)
#define SYMBOL (TEXT | XCHAR)
#define ATOM   (SYMBOL | ATEXT)
#define ALNUM  (ATOM | LETDIG | LDH | BASE64)

/* clang-format off */
static const unsigned char classes[256] = {
	[' '] = TEXT,   ['!'] = ATOM,   ['"'] = PRINT | XCHAR,
	['#'] = ATOM,   ['$'] = ATOM,   ['%'] = ATOM,   ['&'] = ATOM,
	['\''] = ATOM,  ['('] = SYMBOL, [')'] = SYMBOL, ['*'] = ATOM,
	['+'] = TEXT | ATEXT | BASE64,  [','] = SYMBOL,
	['-'] = ATOM | LDH,             ['.'] = SYMBOL,
	['/'] = ATOM | BASE64,          [':'] = SYMBOL, [';'] = SYMBOL,
	['<'] = SYMBOL, ['='] = TEXT | ATEXT,           ['>'] = SYMBOL,
	['?'] = ATOM,   ['@'] = SYMBOL, ['['] = SYMBOL,
	['\\'] = PRINT | XCHAR,         [']'] = SYMBOL, ['^'] = ATOM,
	['_'] = ATOM,   ['`'] = ATOM,   ['{'] = ATOM,   ['|'] = ATOM,
	['}'] = ATOM,   ['~'] = ATOM,
	['0'] = ALNUM, ['1'] = ALNUM, ['2'] = ALNUM, ['3'] = ALNUM,
	['4'] = ALNUM, ['5'] = ALNUM, ['6'] = ALNUM, ['7'] = ALNUM,
	['8'] = ALNUM, ['9'] = ALNUM,
	['A'] = ALNUM, ['B'] = ALNUM, ['C'] = ALNUM, ['D'] = ALNUM,
	['E'] = ALNUM, ['F'] = ALNUM, ['G'] = ALNUM, ['H'] = ALNUM,
	['I'] = ALNUM, ['J'] = ALNUM, ['K'] = ALNUM, ['L'] = ALNUM,
	['M'] = ALNUM, ['N'] = ALNUM, ['O'] = ALNUM, ['P'] = ALNUM,
	['Q'] = ALNUM, ['R'] = ALNUM, ['S'] = ALNUM, ['T'] = ALNUM,
	['U'] = ALNUM, ['V'] = ALNUM, ['W'] = ALNUM, ['X'] = ALNUM,
	['Y'] = ALNUM, ['Z'] = ALNUM,
	['a'] = ALNUM, ['b'] = ALNUM, ['c'] = ALNUM, ['d'] = ALNUM,
	['e'] = ALNUM, ['f'] = ALNUM, ['g'] = ALNUM, ['h'] = ALNUM,
	['i'] = ALNUM, ['j'] = ALNUM, ['k'] = ALNUM, ['l'] = ALNUM,
	['m'] = ALNUM, ['n'] = ALNUM, ['o'] = ALNUM, ['p'] = ALNUM,
	['q'] = ALNUM, ['r'] = ALNUM, ['s'] = ALNUM, ['t'] = ALNUM,
	['u'] = ALNUM, ['v'] = ALNUM, ['w'] = ALNUM, ['x'] = ALNUM,
	['y'] = ALNUM, ['z'] = ALNUM,
};
/* clang-format on */

/* Four letters as one number, in upper case. */
#define WORD(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | \
	    (uint32_t)(d) << 24)

static inline uint32_t
word_at(octets *p)
{
	return WORD(p[0], p[1], p[2], p[3]) & 0xdfdfdfdf;
}

/* Skip the octets of a class.  All lines end in LF, which is in no class, so
 * the loop does not run past the line. */
static inline octets *
skip(octets *p, unsigned class)
{
	while ((classes[*p] & class) != 0)
		p++;
	return p;
}

static inline struct mailin_span
span(octets *from, octets *to)
{
	return (struct mailin_span){ (const char *)from, (size_t)(to - from) };
}

/*
 * Returns the position after the text, or NULL.  Compares without regard to
 * case.  With a constant text the compiler makes one comparison for each octet,
 * without a loop.
 */
static inline __attribute__((always_inline)) octets *
match(octets *p, const char *text)
{
	size_t i;

#pragma GCC unroll 16
	for (i = 0; i < __builtin_strlen(text); i++)
		if ((p[i] & (text[i] >= 'A' ? 0xdf : 0xff)) != text[i])
			return NULL;
	return p + i;
}

static inline octets *
number(octets *p, uint64_t *value)
{
	octets *from = p;

	for (*value = 0; *p >= '0' && *p <= '9'; p++)
		*value = *value * 10 + *p - '0';
	return p > from && p - from < 20 ? p : NULL;
}

static inline bool
is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') ||
	    ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static inline octets *
xtext(octets *p)
{
	octets *from = p;

	for (;;) {
		p = skip(p, XCHAR);
		if (*p != '+')
			return p > from ? p : NULL;
		if (!is_hex(p[1]) || !is_hex(p[2]))
			return NULL;
		p += 3;
	}
}

#endif
