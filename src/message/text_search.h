/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

/*
 * The search of text.h, written once for steps of any width.  Whoever includes
 * this has defined
 *
 *	WIDTH           the octets of a step
 *	WINDOW          the octets whose marks are a word, some steps
 *	SCALE           the bits of a mark
 *	VECTOR          what holds the octets of a step
 *	INLINE, APART   what the compiler is told of functions
 *	load(p)         the octets at p, which need not be aligned
 *	fill(octet)     only that octet
 *	marks(v)        a mark for each octet below 14, the lowest for the
 *	                first octet; perhaps one elsewhere
 *	is_high(v)      is the highest bit of one set?
 *
 * Only what stands at a mark is looked at singly.
 */

/* What is longer may be searched in another way. */
#define NEAR ((size_t)128)

struct search {
	const unsigned char *in;
	size_t len;
	size_t end;         /* of the text */
	size_t line;        /* the last begins there */
	VECTOR bits;        /* all that were seen */
	unsigned char stop; /* may not stand behind CR LF */
	bool nul;
};

INLINE uint64_t
step(struct search *search, size_t at)
{
	VECTOR octets = load(search->in + at);

	search->bits |= octets;
	return marks(octets);
}

/* The marks of a window at at. */
INLINE uint64_t
whole(struct search *search, size_t at)
{
	uint64_t bits = 0;
	size_t i;

#pragma GCC unroll 8
	for (i = 0; i < WINDOW; i += WIDTH)
		bits |= step(search, at + i) << i * SCALE;
	return bits;
}

/* The same where less than a window is left.  The last step ends with the
 * text, and so overlaps the one before. */
INLINE uint64_t
rest(struct search *search, size_t at)
{
	size_t left = search->len - at, i;
	uint64_t bits = 0;

	if (left < WIDTH)
		return step(search, search->len - WIDTH) >>
		    (WIDTH - left) * SCALE;
	for (i = 0; i < left - WIDTH; i += WIDTH)
		bits |= step(search, at + i) << i * SCALE;
	return bits |
	    step(search, search->len - WIDTH) << (left - WIDTH) * SCALE;
}

/* CR LF at place: a line ends.  True if the text does. */
INLINE bool
end_line(struct search *search, size_t place)
{
	search->line = place + 2;
	if (search->line == search->len ||
	    search->in[search->line] != search->stop)
		return false;
	search->end = search->line;
	return true;
}

/* Look at what stands at each mark.  True if the text ends at one. */
INLINE bool
has_end(struct search *search, size_t at, uint64_t bits)
{
	const unsigned char *in = search->in;

	for (; bits != 0; bits &= bits - 1) {
		size_t place = at + word_lowest(bits) / SCALE;

		if (in[place] != '\r' && in[place] != '\n') {
			search->nul |= in[place] == '\0';
			continue;
		}
		/* The CR may have stood in the window before. */
		if (in[place] == '\n' && search->line == place + 1)
			continue;
		search->end = place;
		if (in[place] == '\n' || place + 1 == search->len ||
		    in[place + 1] != '\n')
			return true;
		if (end_line(search, place))
			return true;
		bits &= bits - 1;
	}
	return false;
}

/* Look at each window from at on.  Answers where the text ends. */
INLINE size_t
look(struct search *search, size_t at)
{
	for (; search->len - at >= WINDOW; at += WINDOW)
		if (has_end(search, at, whole(search, at)))
			return search->end;
	if (at < search->len && has_end(search, at, rest(search, at)))
		return search->end;
	return search->len;
}

/* A second LF is wrong behind CR LF in any case. */
INLINE unsigned char
stop_of(bool dots)
{
	return dots ? '.' : '\n';
}

INLINE struct search
start(const char *in, size_t len, bool dots, VECTOR bits)
{
	return (struct search){ .in = (const unsigned char *)in,
		.len = len,
		.bits = bits,
		.stop = stop_of(dots) };
}

INLINE size_t
tell(const struct search *search, size_t end, struct mailin_sights *sights)
{
	sights->line = search->line;
	sights->dense = SIZE_MAX;
	sights->nul = search->nul;
	sights->eight_bit = is_high(search->bits);
	return end;
}

/* There are WIDTH octets or more.  It does not look for long lines: in NEAR
 * octets there are none. */
APART size_t
search_short(const char *in, size_t len, bool dots,
    struct mailin_sights *sights)
{
	struct search search = start(in, len, dots, fill(0));

	return tell(&search, look(&search, 0), sights);
}
