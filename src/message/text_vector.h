/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The search of text.h for vectors.  Short text is searched as in
 * text_search.h, longer text as below.  The file that includes this header
 * defines what text_search.h asks for, and
 *
 *	equal(a, b)     all bits set in each octet that is equal in a and b
 *	least(a, b)     the lesser of the two unsigned octets in each lane
 *	lesser(a, b)    the lesser of the two signed octets in each lane
 *	plus(a, b)      the sum of signed octets, limited to -128 and 127
 *	bits_of(v)      a bit for each octet: the highest bit of the octet
 *	keep_order(v)   makes the compiler compute v here, and not later
 */

/* Mark the octets below 14: only these are equal to the lesser of themselves
 * and 13. */
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

#include "message/text_search.h"

/* Subtract 14 from each signed octet: octets outside 14 to 127 become
 * negative. */
INLINE VECTOR
odds(const unsigned char *in)
{
	return plus(load(in), fill(256 - 14));
}

/* Returns odds() of the first and the last "steps" vectors of the text, joined
 * by OR.  The vectors may overlap. */
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

/* Returns true if all octets are from 14 to 127.  len is at least WIDTH.  A
 * usual line has two to six vectors, which are read without a loop. */
INLINE bool
vectors_are_plain(const char *octets, size_t len)
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

#define high_bits(v) bits_of(v)

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
 * Text whose octets are all from 10 to 127 is ordinary, and is read by blocks.
 * Text with other octets that need no change, such as TAB or octets above 127,
 * is read by half blocks; so are the first and the last octets.  After a block
 * that is not ordinary, the search reads half blocks for a while before it
 * tries whole blocks again.  This pause becomes four times as long each time,
 * because text that was unusual tends to stay unusual.
 */
#define BLOCK ((size_t)256)
#define HALF  (BLOCK / 2)

/* If a line ends in each of two blocks, and at most GAP_MOST octets separate
 * these blocks, then the line between the two line ends is short, wherever in
 * the blocks the line ends are. */
#define GAP_MOST ((size_t)256)

_Static_assert(GAP_MOST + 2 * BLOCK <= MAILIN_TEXT_SHORT, "a long line");

struct sweep {
	const unsigned char *in;
	size_t len;
	size_t line; /* where the last line end that was found ends */
	size_t short_until;
	size_t until; /* before this offset only half blocks are read */
	size_t again; /* from this offset on whole blocks are tried again */
	size_t pause; /* octets to wait after a failed block */
	VECTOR bits;  /* the OR of all octets outside ordinary blocks */
	VECTOR low;   /* in each lane, the least of these octets */
	unsigned char stop; /* this octet after CR LF ends the text */
};

/* Record a block or half a block that was read up to the offset "end".  No
 * octet before this offset needs a change.  is_line is true if a line ends in
 * the block; its LF may be the octet after the block. */
INLINE void
note(struct sweep *sweep, size_t end, bool is_line)
{
	if (is_line)
		sweep->line = end + 1;
	else if (end > sweep->line + GAP_MOST && sweep->short_until == SIZE_MAX)
		sweep->short_until = sweep->line;
}

/*
 * Returns true if the block holds only octets from 10 to 127, each CR is before
 * a LF, each LF is after a CR, and the octet "stop" does not follow a CR LF.
 * It may return false if there is a VT (11).
 *
 * x = next octet - 11: this is -1 for LF, less for an octet below 10 or above
 * 127, and 0 or more for all others.  After a CR use ~x: this is 0 for LF, and
 * negative for all other octets from 10 to 127.  Octets below 10 and above 127
 * are found by the minimum of x, which is computed separately.  If "stop"
 * follows the next octet, subtract 1: after a CR this makes LF negative, and
 * elsewhere only VT.
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
		VECTOR after = plus(load(in + i + 1), fill(256 - 11));
		VECTOR is_stop = equal(load(in + i + 2), fill(sweep->stop));

		low = lesser(low, after);
		wrong |= plus(after ^ is_cr, is_stop);
		keep_order(wrong);
	}
	*is_line = bits_of(low) != 0;
	return bits_of(wrong | plus(low, fill(1))) == 0;
}

/* Skip ordinary blocks, from the offset "at" on.  Returns where the first block
 * that is not ordinary begins.  The octet at the offset "at" has been read
 * before. */
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

/* Mark each CR that no LF follows, each other octet that a LF follows, and the
 * CR of each CR LF that the octet "stop" follows.  Three vectors are loaded, an
 * octet apart, so that an octet and the two octets after it are in the same
 * lane of the three vectors. */
INLINE VECTOR
wrongs(const unsigned char *in, unsigned char stop)
{
	VECTOR is_cr = equal(load(in), fill('\r'));
	VECTOR before_lf = equal(load(in + 1), fill('\n'));
	VECTOR before_stop = equal(load(in + 2), fill(stop));

	return (is_cr ^ before_lf) | (is_cr & before_stop);
}

/* Returns true if wrongs() marks nothing in half a block. */
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
		keep_order(low);
		wrong |= wrongs(in + i, sweep->stop);
		keep_order(wrong);
	}
	sweep->low = least(sweep->low, low);
	if (bits_of(wrong) != 0)
		return false;
	/* Each octet of "low" is the least of several octets, so an octet below
	 * LF can hide a LF.  last_line() then searches for the LF. */
	note(sweep, at + HALF, bits_of(equal(low, fill('\n'))) != 0);
	return true;
}

/* Returns the offset of the first octet that needs a change.  Call this only if
 * wrongs() marks an octet at or after the offset "at". */
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

/* Returns where the text ends.  Call this only if all octets that wrongs() has
 * marked are among the last two octets of the text. */
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

/* Returns where the last line before the offset "end" begins.  sweep->line
 * covers only line ends before the offset "at". */
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

/* Half a block was read.  Returns the offset of the half block to read next.
 * Ordinary blocks (is_ordinary) that come before it are skipped. */
INLINE size_t
next(struct sweep *sweep, size_t at, size_t last)
{
	if (at >= sweep->again) {
		at = skip(sweep, at - 1);
		sweep->again = at + sweep->pause;
		sweep->pause *= 4;
	}
	sweep->until = sweep->again < last ? sweep->again : last;
	/* The last half block may overlap the one before it. */
	return at < last ? at : last;
}

/* Returns where the text ends.  *at becomes the start of the last half block
 * that was read, or its end if wrongs() marks nothing in it. */
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

OUTLINE size_t
search_long(const char *in, size_t len, bool dots,
    struct mailin_text_seen *seen)
{
	struct sweep sweep = { .in = (const unsigned char *)in,
		.len = len,
		.short_until = SIZE_MAX,
		.again = HALF,
		.pause = BLOCK,
		.bits = fill(0),
		.low = fill(255),
		.stop = stop_of(dots) };
	size_t at = 0, end = go(&sweep, &at);

	*seen = (struct mailin_text_seen){ .line = last_line(&sweep, at, end),
		.short_until = sweep.short_until,
		.nul = bits_of(equal(sweep.low, fill(0))) != 0,
		.eight_bit = is_high(sweep.bits) };
	/* The octet before "in" is no CR, so a LF at the start is bare. */
	return in[0] == '\n' ? 0 : end;
}

/* Search a short piece first, because the text is likely to end soon. */
OUTLINE size_t
search_near(const char *in, size_t len, bool dots,
    struct mailin_text_seen *seen)
{
	size_t end = search_marks(in, SHORT_TEXT, dots, seen);

	/* If the piece ends in a CR, its LF may follow. */
	return end < SHORT_TEXT - 1 ? end : search_long(in, len, dots, seen);
}

/* Search text of at least WIDTH octets. */
INLINE size_t
search(const char *in, size_t len, bool dots, bool near,
    struct mailin_text_seen *seen)
{
	if (len < HALF + 2)
		return search_marks(in, len, dots, seen);
	return near ? search_near(in, len, dots, seen) :
		      search_long(in, len, dots, seen);
}
