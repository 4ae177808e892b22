/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

/*
 * The search of text.h, written once for vectors of any width.  Vectors find
 * the octets that need a second look, and mark them; then the search reads
 * only the marked octets, one by one.  The file that includes this header
 * defines
 *
 *	WIDTH           the octets of a vector
 *	WINDOW          the octets whose marks fit in a word: a multiple
 *	                of WIDTH
 *	SCALE           the number of bits of a mark
 *	VECTOR          the type of a vector
 *	INLINE, OUTLINE  how a function is declared
 *	load(p)         the octets at p, which need not be aligned
 *	fill(octet)     a vector in which each octet has this value
 *	marks(v)        a mark for each octet below 14, the lowest for the
 *	                first octet; other octets may have one, too
 *	is_high(v)      true if an octet of v is above 127
 */

/* text_vector.h uses this search for at most SHORT_TEXT octets, and a faster
 * one for longer text. */
#define SHORT_TEXT ((size_t)128)

struct search {
	const unsigned char *in;
	size_t len;
	size_t end;         /* where the search ends */
	size_t line;        /* where the last line begins */
	VECTOR bits;        /* the OR of all octets seen */
	unsigned char stop; /* this octet after CR LF ends the search */
	bool nul;
};

INLINE uint64_t
step(struct search *search, size_t at)
{
	VECTOR octets = load(search->in + at);

	search->bits |= octets;
	return marks(octets);
}

/* Returns the marks of the window at the offset "at". */
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

/* Returns the marks of the octets from the offset "at" to the end of the text.
 * These octets are fewer than a window.  The last vector ends where the text
 * ends, so it overlaps the one before it. */
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

/* A line ends with the CR LF at the offset "place".  Record where the next line
 * begins.  Returns true if the search ends there. */
INLINE bool
reach_line_end(struct search *search, size_t place)
{
	search->line = place + 2;
	if (search->line == search->len ||
	    search->in[search->line] != search->stop)
		return false;
	search->end = search->line;
	return true;
}

/* Read the octet at each mark.  Returns true if the search ends at one of
 * them. */
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
		/* The CR before this LF may be in the previous window. */
		if (in[place] == '\n' && search->line == place + 1)
			continue;
		search->end = place;
		if (in[place] == '\n' || place + 1 == search->len ||
		    in[place + 1] != '\n')
			return true;
		if (reach_line_end(search, place))
			return true;
		bits &= bits - 1;
	}
	return false;
}

/* Search the text from the offset "at" on, WINDOW octets at a time.  Returns
 * the offset at which the search ends, or the length of the text. */
INLINE size_t
find_end(struct search *search, size_t at)
{
	for (; search->len - at >= WINDOW; at += WINDOW)
		if (has_end(search, at, whole(search, at)))
			return search->end;
	if (at < search->len && has_end(search, at, rest(search, at)))
		return search->end;
	return search->len;
}

/* Returns the member "stop" of the search.  If dots is false, this is LF,
 * because a LF after CR LF is bare and ends the search anyway. */
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
tell(const struct search *search, size_t end, struct mailin_text_seen *seen)
{
	seen->line = search->line;
	seen->short_until = SIZE_MAX;
	seen->nul = search->nul;
	seen->eight_bit = is_high(search->bits);
	return end;
}

/* Search at least WIDTH octets.  Every line counts as short. */
OUTLINE size_t
search_marks(const char *in, size_t len, bool dots,
    struct mailin_text_seen *seen)
{
	struct search search = start(in, len, dots, fill(0));

	return tell(&search, find_end(&search, 0), seen);
}
