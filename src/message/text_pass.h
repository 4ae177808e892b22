/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

/*
 * The pass of text.h, written once for vectors of any width.  It maps a block
 * of 64 octets to bit masks, and computes from these, for all octets at once,
 * which octets to change.  A mispredicted branch costs as much as a block, so
 * few branches depend on an octet.  Random input is as fast as other input.
 * The file that includes this header defines what text_search.h asks for, and
 *
 *	bits_equal(v, octet)              a bit for each octet of v that equals
 *	                                  "octet"
 *	high_bits(v)                      a bit for each octet of v above 127
 *	expand_many(out, in, len, lf)     copy a block, with a CR before each
 *	                                  octet whose bit in lf is set; return
 *	                                  the end of the copy
 *	blank(text, len)                  replace each CR that no LF follows by
 *	                                  a blank, also a CR at the end
 *
 * expand_many() and blank() may write SLACK octets after their output, and
 * expand_many() may read SLACK octets after the block.
 */

#define MAP_OCTETS ((size_t)64)
#define SLACK      ((size_t)32)

_Static_assert(MAILIN_TEXT_ROOM >= 2 * MAP_OCTETS + SLACK, "no room");

/* Where certain octets are in a block. */
struct map {
	uint64_t cr, lf, dot, nul;
	uint64_t eight_bit;
};

INLINE void
map_block(const char *octets, struct map *map)
{
	const unsigned char *in = (const unsigned char *)octets;
	struct map all = { 0, 0, 0, 0, 0 };
	size_t at;

#pragma GCC unroll 8
	for (at = 0; at < MAP_OCTETS; at += WIDTH) {
		VECTOR some = load(in + at);

		all.cr |= bits_equal(some, '\r') << at;
		all.lf |= bits_equal(some, '\n') << at;
		all.dot |= bits_equal(some, '.') << at;
		all.nul |= bits_equal(some, '\0') << at;
		all.eight_bit |= high_bits(some) << at;
	}
	*map = all;
}

/* A block.  Each mask has a bit for each octet.  The lowest bit is that of the
 * first octet. */
struct block {
	const char *in;
	size_t len;      /* octets before the octet to stop at */
	uint64_t ends;   /* the LF of each line end */
	uint64_t expand; /* each LF that needs a CR before it */
	uint64_t drop;   /* stuffed dots */
	uint64_t bare;   /* bare CR and bare LF */
};

/* Decide what to do with each octet of a block.  The mask "known" has a bit for
 * each octet that exists.  A pass stops before an octet that the automaton must
 * read (mailin_text_passer). */
INLINE void
decide(struct mailin_text_pass *pass, const struct map *map, uint64_t known,
    struct block *block)
{
	uint64_t cr = map->cr & known, lf = map->lf & known;
	uint64_t line_lf = lf & cr << 1;
	uint64_t bare_lf = lf ^ line_lf, bare_cr = cr & ~(lf >> 1);
	uint64_t dot = map->dot & known & pass->dots &
	    (line_lf << 1 | pass->line_start);
	uint64_t stop = (cr & ~(known >> 1)) |
	    (dot & (~(known >> 1) | (cr >> 1 & (lf >> 2 | ~(known >> 2))))) |
	    (pass->rejects & (bare_lf | bare_cr)) | ~known;
	uint64_t here = (stop & -stop) - 1;

	block->len = stop != 0 ? word_lowest(stop) : MAP_OCTETS;
	block->bare = (bare_cr | bare_lf) & here;
	block->drop = dot & here;
	block->expand = bare_lf & here & pass->normalizes;
	block->ends = (line_lf & here) | block->expand;
	pass->bare_cr |= bare_cr & here;
	pass->bare_lf |= bare_lf & here;
	pass->nul |= map->nul & here;
	pass->eight_bit |= map->eight_bit & here;
}

/* Returns true if the first line that ends in this block is too long.  All
 * other lines that end in this block also begin in it, so they are short. */
OUTLINE bool
is_long(const struct block *block, size_t column)
{
	size_t end = word_lowest(block->ends);
	uint64_t bit = UINT64_C(1) << end;
	bool has_cr = (block->ends & ~block->expand & bit) != 0;

	return column + end - has_cr - (block->drop & 1) > MAILIN_TEXT_LINE;
}

INLINE void
note_column(struct mailin_text_pass *pass, const struct block *block)
{
	size_t last;

	if (block->ends == 0) {
		pass->column += block->len - (size_t)(block->drop & 1);
	} else {
		if (pass->column > MAILIN_TEXT_LINE - MAP_OCTETS)
			pass->has_long |= is_long(block, pass->column);
		last = word_highest(block->ends);
		pass->column = block->len - 1 - last -
		    (block->drop >> last >> 1 & 1);
	}
	if (pass->column > MAILIN_TEXT_LINE) {
		pass->has_long = true;
		pass->column = 0;
	}
}

/* Read a block.  Returns false if the pass must stop before the block's first
 * octet. */
INLINE bool
read_block(struct mailin_text_pass *pass, uint64_t known, struct block *block)
{
	struct map map;

	map_block(block->in, &map);
	decide(pass, &map, known, block);
	if (block->len == 0)
		return false;
	pass->line_start = (block->ends & ~block->expand) >> (block->len - 1);
	note_column(pass, block);
	pass->lull += (unsigned)block->len;
	if ((block->bare | block->drop) != 0)
		pass->lull = 0;
	return true;
}

/* A copy of the last octets of the input.  It has room for all octets that the
 * functions for a block may read. */
struct rest {
	char octets[MAP_OCTETS + SLACK];
};

/* Read the next block.  The last octets of the input are copied first, because
 * a whole block is always loaded. */
INLINE bool
read_next(struct mailin_text_pass *pass, const char *in, size_t len,
    struct rest *rest, struct block *block)
{
	uint64_t known = UINT64_MAX;

	block->in = in;
	if (len < MAP_OCTETS + SLACK) {
		if (len < MAP_OCTETS)
			known = (UINT64_C(1) << len) - 1;
		memset(rest, 0, sizeof *rest);
		memcpy(rest, in, len < MAP_OCTETS ? len : MAP_OCTETS);
		block->in = rest->octets;
	}
	return read_block(pass, known, block);
}

/* ---- Output -------------------------------------------------------------- */

/* Copy len octets of a block, at most 64.  Up to SLACK octets more may be
 * copied. */
INLINE char *
copy(char *out, const char *in, size_t len)
{
	memcpy(out, in, 16);
	if (len > 16)
		memcpy(out + 16, in + 16, 16);
	if (len > 32)
		memcpy(out + 32, in + 32, 32);
	return out + len;
}

/* Write CR LF count times. */
INLINE char *
put_line_ends(char *out, size_t count)
{
	static const char eight[] = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";
	size_t i;

	for (i = 0; i < count; i += 8)
		memcpy(out + 2 * i, eight, 16);
	return out + 2 * count;
}

/* If a block has at most this many runs of LFs, it is faster to copy the text
 * between the runs than to call expand_many(). */
#define FEW_RUNS 5

INLINE bool
are_few(uint64_t runs)
{
	int i;

	for (i = 0; i < FEW_RUNS; i++)
		runs &= runs - 1;
	return runs == 0;
}

/* Write a CR before each LF.  The mask "first" has a bit for the first LF of
 * each run of LFs; the mask "end" has a bit for the octet after each run. */
INLINE char *
expand(char *out, const char *in, size_t len, uint64_t lf)
{
	uint64_t first = lf & ~(lf << 1), end = ~lf & lf << 1;
	size_t at = 0, place;

	if (!are_few(first))
		return expand_many(out, in, len, lf);
	for (; first != 0; first &= first - 1, end &= end - 1) {
		place = word_lowest(first);
		out = copy(out, in + at, place - at);
		at = end != 0 ? word_lowest(end) : MAP_OCTETS;
		out = put_line_ends(out, at - place);
	}
	return copy(out, in + at, len - at);
}

/* Copy a block without its stuffed dots.  The block has at least one. */
INLINE char *
squeeze(char *out, const struct block *block)
{
	uint64_t drop = block->drop;
	size_t at = 0, place;

	do {
		place = word_lowest(drop);
		out = copy(out, block->in + at, place - at);
		at = place + 1;
	} while ((drop &= drop - 1) != 0);
	return copy(out, block->in + at, block->len - at);
}

/* Remove the bits of the dropped octets, and close the gaps between the
 * others. */
INLINE uint64_t
squeeze_bits(uint64_t bits, uint64_t drop)
{
	size_t count = 0;

	for (; drop != 0; drop &= drop - 1) {
		uint64_t low = (UINT64_C(1) << (word_lowest(drop) - count++)) -
		    1;

		bits = (bits & low) | (bits >> 1 & ~low);
	}
	return bits;
}

OUTLINE char *
squeeze_and_expand(char *out, const struct block *block)
{
	struct rest kept = { { 0 } };
	size_t len = (size_t)(squeeze(kept.octets, block) - kept.octets);

	return expand(out, kept.octets, len,
	    squeeze_bits(block->expand, block->drop));
}

/* Write the output of a block.  A bare CR is written unchanged; blank()
 * replaces it later. */
INLINE char *
write_block(char *out, const struct block *block)
{
	if (block->drop != 0)
		return block->expand == 0 ? squeeze(out, block) :
					    squeeze_and_expand(out, block);
	if (block->expand != 0)
		return expand(out, block->in, block->len, block->expand);
	memcpy(out, block->in, MAP_OCTETS);
	return out + block->len;
}

/* Run a pass.  If writes is false, "out" and "most" are not used. */
INLINE void
gather(struct mailin_text_pass *to, bool writes)
{
	struct mailin_text_pass pass = *to;
	struct rest rest;
	struct block block;

	while (pass.in < pass.in_end && pass.lull < pass.most_lull &&
	    (!writes || pass.out <= pass.most) &&
	    read_next(&pass, pass.in, (size_t)(pass.in_end - pass.in), &rest,
		&block)) {
		if (writes)
			pass.out = write_block(pass.out, &block);
		pass.in += block.len;
	}
	/* A pass never stops between CR and LF, so a CR that ends the output
	 * is bare. */
	if (writes && (pass.bare_cr & pass.normalizes) != 0)
		blank(to->out, (size_t)(pass.out - to->out));
	*to = pass;
}
