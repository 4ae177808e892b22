/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The search of text_search.h for vectors.  Whoever includes this has defined,
 * besides what is asked for there:
 *
 *	equal(a, b)     all bits set in the octets where the two are equal
 *	least(a, b)     the lesser of the two in each place
 *	bits_of(v)      a bit for each octet, its highest
 *	settle(v)       nothing; but the compiler may not reorder what led to v
 */

/* Octets below 14 are those of which least() leaves nothing but themselves. */
INLINE uint64_t
marks(VECTOR octets)
{
	return bits_of(equal(least(octets, fill(13)), octets));
}

INLINE bool
is_high(VECTOR octets)
{
	return bits_of(octets) != 0;
}

#include <string.h>

#include "text_search.h"

INLINE bool
is_plain(const char *octets, size_t len)
{
	const unsigned char *in = (const unsigned char *)octets;
	VECTOR low, bits;
	size_t at;

	if (len < WIDTH || len > NEAR)
		return false;
	low = bits = load(in + len - WIDTH);
	for (at = 0; at + WIDTH < len; at += WIDTH) {
		low = least(low, load(in + at));
		bits |= load(in + at);
	}
	return marks(low) == 0 && !is_high(bits);
}

/* As many octets as are worth a jump. */
#define BLOCK ((size_t)128)

/* Where lines are as short, none is long, even if their ends are only known to
 * stand in one block or another. */
#define FEW 500

/*
 * Where CR and LF are no pair, or the octet that may not stand behind them
 * does.  Three vectors are loaded, an octet apart, so that an octet and the
 * two behind it stand in the same place.
 */
INLINE VECTOR
wrongs(struct search *search, const unsigned char *in, VECTOR *low)
{
	VECTOR here = load(in);
	VECTOR is_cr = equal(here, fill('\r'));
	VECTOR before_lf = equal(load(in + 1), fill('\n'));
	VECTOR before_stop = equal(load(in + 2), fill(search->stop));

	search->bits |= here;
	*low = least(*low, here);
	return (is_cr ^ before_lf) | (is_cr & before_stop);
}

/* Is nothing wrong in a block?  low: the least octets in it. */
INLINE bool
is_right(struct search *search, const unsigned char *in, VECTOR *low)
{
	VECTOR wrong = fill(0);
	size_t i;

	*low = fill(255);
#pragma GCC unroll 8
	for (i = 0; i < BLOCK; i += WIDTH) {
		wrong |= wrongs(search, in + i, low);
		settle(wrong);
	}
	return bits_of(wrong) == 0;
}

/* Is there a LF?  It may hide behind lesser octets. */
INLINE bool
has_line(const unsigned char *in, VECTOR low)
{
	return bits_of(equal(low, fill('\n'))) != 0 ||
	    (bits_of(equal(low, least(low, fill('\n')))) != 0 &&
	    memchr(in, '\n', BLOCK) != NULL);
}

/* A line ends behind place, or perhaps does. */
INLINE void
end_block(struct search *search, size_t place)
{
	if (place - search->line > FEW && search->dense == SIZE_MAX)
		search->dense = search->line;
}

INLINE size_t
skip(struct search *search, size_t at)
{
	const unsigned char *in = search->in;
	VECTOR lowest = fill(255), low;

	while (search->len - at >= BLOCK + 2 &&
	    is_right(search, in + at, &low)) {
		lowest = least(lowest, low);
		if (has_line(in + at, low)) {
			end_block(search, at);
			search->line = at + BLOCK;
		}
		at += BLOCK;
	}
	end_block(search, at);
	search->nul |= bits_of(equal(lowest, fill(0))) != 0;
	/* A block may end between CR and LF. */
	if (in[at - 1] == '\r')
		search->line = ++at;
	return at;
}
