/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_LOOK_H
#define MAILIN_SRC_LOOK_H

#include "command/fast/marks.h"

/*
 * A look is a function that finds the end of a name, or of a part of a path,
 * before any state machine reads the line.  helo.c and path.c use looks.
 *
 * If a look fails, a usual line must not take more time than with the machine
 * alone.  So a look is not called if the first octet shows that it would fail.
 * The next look begins where the last one ended.  The machine passes over the
 * octets that a look has read (scan_open_rest() in scan.h).  bench/each.sh
 * compares the cost with that of the machine alone, line by line.  Lines that
 * are wrong, or that only RELAXED accepts, are rare, and may take more time.
 */

/* Clear the lowest bit that is set. */
static inline uint64_t
look_but_lowest(uint64_t bits)
{
	return bits & (bits - 1);
}

/* Keep only the lowest bit that is set. */
static inline uint64_t
look_lowest(uint64_t bits)
{
	return bits & -bits;
}

/*
 * RFC 5321 4.1.2: a Domain begins and ends with a letter or digit, and each dot
 * is between letters or digits.  The first octet has been checked.  Returns a
 * bit for the octet after the word (letters, digits, dots and hyphens), and a
 * bit for each misplaced dot or hyphen in the word.  If the word does not end
 * within 64 octets, there is no bit for its end.
 */
ALWAYS_INLINE uint64_t
look_domain_stops(struct marks is)
{
	uint64_t end = ~is.word & (is.word + 1);

	return end |
	    ((is.dot << 1 | is.dot >> 1 | end >> 1) & ~is.alnum & (end - 1));
}

/*
 * RFC 5321 4.1.2, Mailbox: no dot of the local part is next to another dot or
 * to the "@".  The first octet is atext, and at_bit is the bit of the first
 * octet that is neither atext nor a dot.  Returns a mask whose lowest bit is
 * one of these:
 *  - the bit of a dot before the octet of at_bit, if another dot or the octet
 *    of at_bit follows that dot;
 *  - the highest bit, if all octets are atext or dots;
 *  - otherwise at_bit.
 */
ALWAYS_INLINE uint64_t
look_local_stops(struct marks is, uint64_t at_bit)
{
	return (is.dot & (is.dot | at_bit) >> 1) | at_bit |
	    UINT64_C(1) << (MARKS_MOST - 1);
}

/* Returns a bit for each misplaced octet of a Domain: a dot or hyphen that a
 * Domain does not allow at that place.  The Domain is between the bits at_bit
 * and "end", and has only letters, digits, dots and hyphens.  If the Domain is
 * empty, the result is not 0. */
ALWAYS_INLINE uint64_t
look_misplaced(struct marks is, uint64_t at_bit, uint64_t end)
{
	uint64_t edges = is.dot | at_bit | end;

	return (edges << 1 | edges >> 1) & ~is.alnum & (end - at_bit);
}

/* p is the first octet of a Domain, or an octet inside it; "end" is the end of
 * the line.  Returns the first octet that is not part of the Domain, or the
 * first dot or hyphen that is misplaced in it.  The last of 64 octets is read
 * again with the next ones, so that each octet is seen together with its
 * neighbours. */
ALWAYS_INLINE const unsigned char *
look_past_domain(const unsigned char *p, const unsigned char *end)
{
	for (;; p += MARKS_MOST - 1) {
		struct marks is = marks_of(p, (size_t)(end - p));
		uint64_t stops;

		if ((uint32_t)is.word == UINT32_MAX)
			is = marks_more(is, p, (size_t)(end - p));
		stops = look_domain_stops(is);
		if (stops != 0)
			return p + word_lowest(stops);
	}
}

/* RFC 5321 4.1.3: p is the bracket that opens an address literal.  Returns the
 * first octet that cannot be in the literal, which should be the closing
 * bracket. */
static inline const unsigned char *
look_past_literal(const unsigned char *p)
{
	do
		p++;
	while (ascii_is(*p, ASCII_DCONTENT));
	return p;
}

/* RFC 5321 4.1.2: p points to a quote.  If a Quoted-string in ASCII of at most
 * "most" octets begins there, returns the octet after the string.  Otherwise
 * returns an octet that is not "@", or an octet beyond this limit. */
static inline const unsigned char *
look_past_quoted(const unsigned char *p, size_t most)
{
	const unsigned char *limit = p + most;

	for (p++;; p++) {
		while (ascii_is(*p, ASCII_QTEXT))
			p++;
		if (*p == '"')
			return p + 1;
		if (*p != '\\' || *++p < 0x20 || *p > 0x7e || p > limit)
			return p;
	}
}

/* "others" has a bit for each octet from p on that is not a letter, digit, dot
 * or hyphen.  Clear the bits of octets that are atext, such as "+", up to the
 * first octet that is not, such as "@".  Returns the bits that are left. */
ALWAYS_INLINE uint64_t
look_skip_atext(const unsigned char *p, uint64_t others)
{
	while (others != 0 && ascii_is(p[word_lowest(others)], ASCII_ATEXT))
		others = look_but_lowest(others);
	return others;
}

#endif
