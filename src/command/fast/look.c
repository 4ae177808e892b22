/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* What more than one look needs. */
#include "command/fast/look.h"
#include "command/literal.h"

/* Pieces of a long Domain share an octet, so that each has a neighbour to hold
 * it against. */
const unsigned char *
mailin_look_past_domain(const unsigned char *p, const unsigned char *end)
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

/* RFC 3461 4: printable_hexchar of grammar/xtext.rl. */
static inline bool
is_hexchar(const unsigned char *p)
{
	return p[0] == '+' && p[1] >= '2' && p[1] <= '7' &&
	    ((p[2] >= '0' && p[2] <= '9') ||
		(p[2] >= 'A' && p[2] <= (p[1] == '7' ? 'E' : 'F')));
}

const unsigned char *
mailin_look_past_xtext(const unsigned char *p, const unsigned char *end)
{
	for (;;) {
		if (ascii_is(*p, ASCII_XCHAR))
			p = marks_skip_xchars(p, end);
		if (!is_hexchar(p))
			return p;
		p += 3;
	}
}

enum mailin_domain_kind
mailin_look_into_literal(const unsigned char *p, const unsigned char *end,
    const unsigned char **wrong)
{
	const char *from = (const char *)++p;
	enum mailin_domain_kind kind;
	size_t at;

	kind = mailin_literal_parse(
	    (struct mailin_span){ from, (size_t)(end - p) }, &at);
	*wrong = p + at;
	return kind;
}
