/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_LOOK_H
#define MAILIN_SRC_LOOK_H

#include <mailin/command.h>

#include "octet/ascii.h"
#include "command/fast/marks.h"

/*
 * A look at what stands in a line (marks.h), before any machine: HELO's name in
 * helo.c, paths in path.c.
 *
 * No line may pay for a look that ends without a result.  So a look goes on
 * from where the last one ended, it is not begun where the first octet tells
 * that it would be in vain, and the machine passes over what it has read
 * (scan_open_rest() in scan.h).  bench/each.sh holds that against the machine
 * alone, line by line.
 */

/* A function of its own, which others end with: lines that do not need it do
 * not pay for the registers that it saves. */
#ifdef __GNUC__
#define SEPARATE __attribute__((noinline))
#else
#define SEPARATE
#endif

/* Clear the lowest bit. */
static inline uint64_t
look_but_lowest(uint64_t bits)
{
	return bits & (bits - 1);
}

/* Keep only the lowest bit. */
static inline uint64_t
look_lowest(uint64_t bits)
{
	return bits & -bits;
}

/*
 * RFC 5321 4.1.2, Domain: letters or digits are at both ends of it, and on both
 * sides of a dot.  Returns a bit for its end, and for each octet before it that
 * has to be one of these and is not; but the first octet is not looked at.  0
 * if there is none in the marks, which are those of 64 octets then.
 */
MARKS_INLINE uint64_t
look_domain_stops(struct marks is)
{
	uint64_t end = ~is.word & (is.word + 1);

	return end |
	    ((is.dot << 1 | is.dot >> 1 | end >> 1) & ~is.alnum & (end - 1));
}

/* A Domain goes on at p.  Returns the first octet that is not part of it, of
 * which there is one before end; a dot or a hyphen if one is misplaced. */
const unsigned char *mailin_look_past_domain(const unsigned char *p,
    const unsigned char *end);

/* RFC 3461 4: the octet after the xtext at p.  There is one before end. */
const unsigned char *mailin_look_past_xtext(const unsigned char *p,
    const unsigned char *end);

/* RFC 5321 4.1.3: the octet that ends the text of an address literal, after the
 * bracket at p. */
static inline const unsigned char *
look_past_literal(const unsigned char *p)
{
	do
		p++;
	while (ascii_is(*p, ASCII_DCONTENT));
	return p;
}

/* What the text between the brackets at p and end is.  If it is NONE, *wrong is
 * its first wrong octet. */
enum mailin_domain_kind mailin_look_into_literal(const unsigned char *p,
    const unsigned char *end, const unsigned char **wrong);

#endif
