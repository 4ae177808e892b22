/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The search of text.h for vectors: a little text is searched as text_search.h
 * does it, more as below.  Whoever includes this has defined, besides what is
 * asked for there:
 *
 *	equal(a, b)     all bits set in the octets where the two are equal
 *	least(a, b)     the lesser of the two in each place
 *	lesser(a, b)    the same, of signed octets
 *	plus(a, b)      the sum of signed octets, or the nearest that there is
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

#include "message/text_map.h"
#include "message/text_search.h"

/* Less 14, what is not plain is below 0. */
INLINE VECTOR
odds(const unsigned char *in)
{
	return plus(load(in), fill(256 - 14));
}

/* Look at the first and the last steps of the text. They may overlap. */
INLINE VECTOR
odds_at_ends(const unsigned char *in, size_t len, size_t steps)
{
	const unsigned char *end = in + len;
	VECTOR odd = odds(in) | odds(end - WIDTH);
	size_t i;

#pragma GCC unroll 4
	for (i = 1; i < steps; i++)
		odd |= odds(in + i * WIDTH) | odds(end - (i + 1) * WIDTH);
	return odd;
}

/* in holds one step at least. The usual line has two to six: they are looked at
 * without a loop. */
INLINE bool
is_plain(const char *octets, size_t len)
{
	const unsigned char *in = (const unsigned char *)octets;

	if (len - 2 * WIDTH <= 2 * WIDTH)
		return bits_of(odds_at_ends(in, len, 2)) == 0;
	if (len - 3 * WIDTH <= 3 * WIDTH)
		return bits_of(odds_at_ends(in, len, 3)) == 0;
	for (; len > 2 * WIDTH; in += WIDTH, len -= WIDTH)
		if (bits_of(odds(in)) != 0)
			return false;
	return bits_of(odds_at_ends(in, len, 1)) == 0;
}

INLINE uint64_t
bits_equal(VECTOR octets, unsigned char octet)
{
	return bits_of(equal(octets, fill(octet)));
}

INLINE void
map_block(const char *octets, struct map *map)
{
	const unsigned char *in = (const unsigned char *)octets;
	struct map all = { 0, 0, 0, 0, 0 };
	size_t at;

#pragma GCC unroll 4
	for (at = 0; at < MAP_OCTETS; at += WIDTH) {
		VECTOR some = load(in + at);

		all.cr |= bits_equal(some, '\r') << at;
		all.lf |= bits_equal(some, '\n') << at;
		all.dot |= bits_equal(some, '.') << at;
		all.nul |= bits_equal(some, '\0') << at;
		all.eight_bit |= bits_of(some) << at;
	}
	*map = all;
}

INLINE void
blank(char *text, size_t len)
{
	unsigned char *at = (unsigned char *)text;
	const unsigned char *end = at + len;

	text[len] = '\0';
	for (; at < end; at += WIDTH) {
		VECTOR octets = load(at);
		VECTOR bare = equal(octets, fill('\r')) &
		    ~equal(load(at + 1), fill('\n'));

		octets ^= bare & fill('\r' ^ ' ');
		memcpy(at, &octets, WIDTH);
	}
}

/* ---- Longer text --------------------------------------------------------- */

/*
 * Ordinary text is looked at by blocks.  What is odd but right, such as a TAB
 * or an octet above 127, takes more: so do the start, and the end, by halves of
 * blocks.  Where a block is tried in vain, it takes a while until the next is,
 * each time a longer one, for text that has been odd goes on so.
 */
#define BLOCK ((size_t)256)
#define HALF  (BLOCK / 2)

/* So many octets may stand between two blocks in which lines end: the line that
 * they are of is short, wherever in those it begins and ends. */
#define FEW ((size_t)256)

_Static_assert(FEW + 2 * BLOCK <= MAILIN_TEXT_SHORT, "a long line");

struct sweep {
	const unsigned char *in;
	size_t len;
	size_t line; /* none is known to end behind it */
	size_t dense;
	size_t until;       /* go on with halves of blocks to there */
	size_t again;       /* from there on try blocks */
	size_t pause;       /* if in vain, again in so many octets */
	VECTOR bits;        /* all octets but of ordinary blocks */
	VECTOR low;         /* the least of them */
	unsigned char stop; /* may not stand behind CR LF */
};

/* Nothing is wrong up to end, where a block or half of one ends.  is_line: a
 * line ends in it, though the LF may stand behind. */
INLINE void
note(struct sweep *sweep, size_t end, bool is_line)
{
	if (is_line)
		sweep->line = end + 1;
	else if (end > sweep->line + FEW && sweep->dense == SIZE_MAX)
		sweep->dense = sweep->line;
}

/*
 * Is there nothing but octets from 10 to 127, each CR before a LF and each LF
 * behind a CR, and no stop behind them?  It may answer no if there is a VT.
 *
 * Take the octet behind each one, less 11: a LF is -1, an odd octet less, all
 * others are 0 or more.  Turn it over behind a CR: a LF is 0, and what may not
 * stand there is below 0, as a LF is elsewhere; but an odd octet is not, so the
 * least is noted before.  Take 1 away where the next octet is the stop: CR LF
 * and a stop are below 0, too, and of other octets at most a VT.
 */
INLINE bool
is_ordinary(const struct sweep *sweep, size_t at, bool *is_line)
{
	const unsigned char *in = sweep->in + at;
	VECTOR wrong = fill(0), low = fill(0);
	size_t i;

#pragma GCC unroll 16
	for (i = 0; i < BLOCK; i += WIDTH) {
		VECTOR is_cr = equal(load(in + i), fill('\r'));
		VECTOR behind = plus(load(in + i + 1), fill(256 - 11));
		VECTOR is_stop = equal(load(in + i + 2), fill(sweep->stop));

		low = lesser(low, behind);
		wrong |= plus(behind ^ is_cr, is_stop);
		settle(wrong);
	}
	*is_line = bits_of(low) != 0;
	return bits_of(wrong | plus(low, fill(1))) == 0;
}

/* Of the octets from at on the first has been seen: whether that is odd is not
 * asked again.  Answers where no block of ordinary text begins. */
INLINE size_t
skip(struct sweep *sweep, size_t at)
{
	bool is_line;

	if (sweep->len < BLOCK + 2)
		return at;
	while (at <= sweep->len - (BLOCK + 2) &&
	    is_ordinary(sweep, at, &is_line)) {
		at += BLOCK;
		note(sweep, at, is_line);
	}
	return at;
}

/*
 * Where CR and LF are no pair, or the octet that may not stand behind them
 * does.  Three vectors are loaded, an octet apart, so that an octet and the
 * two behind it stand in the same place.
 */
INLINE VECTOR
wrongs(const unsigned char *in, unsigned char stop)
{
	VECTOR is_cr = equal(load(in), fill('\r'));
	VECTOR before_lf = equal(load(in + 1), fill('\n'));
	VECTOR before_stop = equal(load(in + 2), fill(stop));

	return (is_cr ^ before_lf) | (is_cr & before_stop);
}

/* Is nothing wrong in half a block? */
INLINE bool
is_right(struct sweep *sweep, size_t at)
{
	const unsigned char *in = sweep->in + at;
	VECTOR wrong = fill(0), low = fill(255);
	size_t i;

#pragma GCC unroll 8
	for (i = 0; i < HALF; i += WIDTH) {
		VECTOR octets = load(in + i);

		sweep->bits |= octets;
		low = least(low, octets);
		settle(low);
		wrong |= wrongs(in + i, sweep->stop);
		settle(wrong);
	}
	sweep->low = least(sweep->low, low);
	if (bits_of(wrong) != 0)
		return false;
	/* A LF may hide behind a lesser octet: see last_line(). */
	note(sweep, at + HALF, bits_of(equal(low, fill('\n'))) != 0);
	return true;
}

/* Something is wrong from at on: where does the text end? */
INLINE size_t
wrong_end(const struct sweep *sweep, size_t at)
{
	const unsigned char *in = sweep->in;
	uint64_t bits;

	while ((bits = bits_of(wrongs(in + at, sweep->stop))) == 0)
		at += WIDTH;
	at += word_lowest(bits);
	if (in[at] != '\r')
		return at + 1;
	return in[at + 1] == '\n' ? at + 2 : at;
}

/* Nothing is wrong up to the last two octets. */
INLINE size_t
last_end(struct sweep *sweep)
{
	const unsigned char *end = sweep->in + sweep->len;

	sweep->bits |= load(end - WIDTH);
	sweep->low = least(sweep->low, load(end - WIDTH));
	if (end[-2] == '\r')
		return end[-1] == '\n' ? sweep->len : sweep->len - 2;
	return end[-1] == '\n' || end[-1] == '\r' ? sweep->len - 1 : sweep->len;
}

/* Of the text up to end; from at on nothing is known of lines. */
INLINE size_t
last_line(const struct sweep *sweep, size_t at, size_t end)
{
	const char *in = (const char *)sweep->in;
	bool is_sure = bits_of(equal(sweep->low,
			   least(sweep->low, fill('\t')))) == 0;
	size_t line;

	if (end == 0 || in[end - 1] == '\n')
		return end;
	line = mailin_text_lines(in + at, end - at);
	if (line > 0)
		return at + line;
	return mailin_text_lines(in,
	    is_sure && sweep->line < at ? sweep->line : at);
}

/* Where to look behind half a block, unless that is the next half. */
INLINE size_t
next(struct sweep *sweep, size_t at, size_t last)
{
	if (at >= sweep->again) {
		at = skip(sweep, at - 1);
		sweep->again = at + sweep->pause;
		sweep->pause *= 4;
	}
	sweep->until = sweep->again < last ? sweep->again : last;
	/* The last half may overlap the one before. */
	return at < last ? at : last;
}

/* Answers where the text ends; at gets where the last half begins that was
 * looked at, or where it ends if nothing was wrong there. */
INLINE size_t
go(struct sweep *sweep, size_t *at)
{
	size_t last = sweep->len - (HALF + 2);

	while (is_right(sweep, *at)) {
		*at += HALF;
		if (*at == last + HALF)
			return last_end(sweep);
		if (*at >= sweep->until)
			*at = next(sweep, *at, last);
	}
	return wrong_end(sweep, *at);
}

APART size_t
search_long(const char *in, size_t len, bool dots, struct mailin_sights *sights)
{
	struct sweep sweep = { .in = (const unsigned char *)in,
		.len = len,
		.dense = SIZE_MAX,
		.again = HALF,
		.pause = BLOCK,
		.bits = fill(0),
		.low = fill(255),
		.stop = stop_of(dots) };
	size_t at = 0, end = go(&sweep, &at);

	*sights = (struct mailin_sights){ .line = last_line(&sweep, at, end),
		.dense = sweep.dense,
		.nul = bits_of(equal(sweep.low, fill(0))) != 0,
		.eight_bit = is_high(sweep.bits) };
	/* It is bare. */
	return in[0] == '\n' ? 0 : end;
}

/* The text is likely to end soon. */
APART size_t
search_near(const char *in, size_t len, bool dots, struct mailin_sights *sights)
{
	size_t end = search_short(in, NEAR, dots, sights);

	/* A CR may stand at the end, with or without a LF. */
	return end < NEAR - 1 ? end : search_long(in, len, dots, sights);
}

/* There are WIDTH octets or more. */
INLINE size_t
search(const char *in, size_t len, bool dots, bool near,
    struct mailin_sights *sights)
{
	if (len < HALF + 2)
		return search_short(in, len, dots, sights);
	return near ? search_near(in, len, dots, sights) :
		      search_long(in, len, dots, sights);
}
