/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The arithmetic on masks and words of the library, and its definition octet
 * by octet.  For each name there are the functions real_ (the library's code),
 * what_ (the definition), and sometimes when_ (what the caller guarantees).
 * proof/bits.py reads the code that clang makes of this file, and decides
 * whether real_ and what_ are equal for all arguments.  The code must have no
 * branch, so loops are unrolled.
 */
#include <stdlib.h>

#include "command/fast/look.h"
#include "message/text.h"
#include "octet/word.h"

#define INLINE  static inline __attribute__((always_inline))
#define OUTLINE static
#define VECTOR  uint64_t
#define WIDTH   8
#define EACH   _Pragma("clang loop unroll(full)") for

/* text_pass.h needs these functions.  Of this header only decide() is
 * proved. */
INLINE VECTOR
load(const unsigned char *in)
{
	return word_load(in);
}

INLINE uint64_t
bits_equal(VECTOR octets, unsigned char octet)
{
	return word_pack(word_each_equal(octets, octet));
}

INLINE uint64_t
high_bits(VECTOR octets)
{
	return word_pack(octets & WORD_HIGH);
}

INLINE char *
expand_many(char *out, const char *in, size_t len, uint64_t lf)
{
	(void)in, (void)len, (void)lf;
	return out;
}

INLINE void
blank(char *text, size_t len)
{
	(void)text, (void)len;
}

#include "message/text_pass.h"

/* Returns the bit with the index "place", or 0 if the mask has no such bit. */
INLINE uint64_t
bit(uint64_t bits, int place)
{
	return place < 0 || place > 63 ? 0 : bits >> place & 1;
}

/* ---- src/octet/word.h ---------------------------------------------------- */

INLINE uint64_t
octet_of(uint64_t word, int place)
{
	return word >> 8 * place & 255;
}

uint64_t
real_each_equal(uint64_t word, uint64_t octet)
{
	return word_each_equal(word, (unsigned char)octet);
}

uint64_t
what_each_equal(uint64_t word, uint64_t octet)
{
	uint64_t mask = 0;
	int i;

	EACH(i = 0; i < 8; i++)
	mask |= (uint64_t)(octet_of(word, i) == (octet & 255)) << (8 * i + 7);
	return mask;
}

/* word_equal() promises only the lowest bit that it sets, so compare only this
 * bit. */
uint64_t
real_equal(uint64_t word, uint64_t octet)
{
	return look_lowest(word_equal(word, (unsigned char)octet));
}

uint64_t
what_equal(uint64_t word, uint64_t octet)
{
	uint64_t mask = 0, seen = 0, is;
	int i;

	EACH(i = 0; i < 8; i++)
	{
		is = octet_of(word, i) == (octet & 255);
		mask |= (is & ~seen & 1) << (8 * i + 7);
		seen |= is;
	}
	return mask;
}

uint64_t
real_is_print(uint64_t word)
{
	return word_is_print(word);
}

uint64_t
what_is_print(uint64_t word)
{
	uint64_t is = 1, octet;
	int i;

	EACH(i = 0; i < 8; i++)
	{
		octet = octet_of(word, i);
		is &= (uint64_t)(octet >= 0x20) & (uint64_t)(octet <= 0x7e);
	}
	return is;
}

uint64_t
real_pack(uint64_t mask)
{
	return word_pack(mask);
}

uint64_t
when_pack(uint64_t mask)
{
	return (mask & ~WORD_HIGH) == 0;
}

uint64_t
what_pack(uint64_t mask)
{
	uint64_t bits = 0;
	int i;

	EACH(i = 0; i < 8; i++)
	bits |= (mask >> (8 * i + 7) & 1) << i;
	return bits;
}

/* ---- src/command/fast/marks.h -------------------------------------------- */

/* The marks of sixteen octets, which are two words. */
INLINE struct marks
real_marks(uint64_t low, uint64_t high)
{
	uint64_t octets[2] = { low, high };

	return marks_of_sixteen((const unsigned char *)octets);
}

INLINE struct marks
what_marks(uint64_t low, uint64_t high)
{
	struct marks marks = { 0, 0, 0 };
	int i;

	EACH(i = 0; i < 16; i++)
	{
		uint64_t octet = octet_of(i < 8 ? low : high, i % 8);
		uint64_t is_alnum = (uint64_t)(octet >= 'a' && octet <= 'z') |
		    (uint64_t)(octet >= 'A' && octet <= 'Z') |
		    (uint64_t)(octet >= '0' && octet <= '9');
		uint64_t is_dot = octet == '.', is_hyphen = octet == '-';

		marks.alnum |= is_alnum << i;
		marks.dot |= is_dot << i;
		marks.word |= (is_alnum | is_dot | is_hyphen) << i;
	}
	return marks;
}

#define MARKS(member) \
	uint64_t real_marks_##member(uint64_t low, uint64_t high) \
	{ \
		return real_marks(low, high).member; \
	} \
	uint64_t what_marks_##member(uint64_t low, uint64_t high) \
	{ \
		return what_marks(low, high).member; \
	}

MARKS(alnum)
MARKS(dot)
MARKS(word)

/* ---- src/command/fast/look.h --------------------------------------------- */

uint64_t
real_domain_stops(uint64_t alnum, uint64_t dot, uint64_t word)
{
	return look_domain_stops((struct marks){ alnum, dot, word });
}

/* An octet has at most one of these bits, and only if it also has the bit of
 * word. */
uint64_t
when_domain_stops(uint64_t alnum, uint64_t dot, uint64_t word)
{
	return (uint64_t)((alnum & dot) == 0) &
	    (uint64_t)(((alnum | dot) & ~word) == 0);
}

/* The word ends at the first octet that has none of these bits.  An octet of
 * the word that is next to a dot, or is the last one, must be a letter or a
 * digit. */
uint64_t
what_domain_stops(uint64_t alnum, uint64_t dot, uint64_t word)
{
	uint64_t stops = 0, within = 1, must;
	int i;

	EACH(i = 0; i < 64; i++)
	{
		must = bit(dot, i - 1) | bit(dot, i + 1) |
		    (i < 63 ? bit(~word, i + 1) : 0);
		stops |= (within & bit(~word, i)) << i;
		within &= bit(word, i);
		stops |= (within & must & bit(~alnum, i)) << i;
	}
	return stops;
}

uint64_t
real_but_lowest(uint64_t bits)
{
	return look_but_lowest(bits);
}

uint64_t
what_but_lowest(uint64_t bits)
{
	uint64_t result = 0, seen = 0;
	int i;

	EACH(i = 0; i < 64; i++)
	{
		result |= (bit(bits, i) & seen) << i;
		seen |= bit(bits, i);
	}
	return result;
}

/* Checks that some path of 64 octets can have these four masks.  They mark
 * letters and digits (alnum), dots (dot), octets of a domain (word), and atext.
 * The first octet must be atext. */
uint64_t
when_path(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	return (uint64_t)((alnum & dot) == 0) &
	    (uint64_t)(((alnum | dot) & ~word) == 0) &
	    (uint64_t)((atext & word) == (word & ~dot)) & atext;
}

/* Returns a mask of the octets that are neither atext nor a dot, and, after the
 * first of these, of all octets that are not in a domain.  look_skip_atext()
 * finds these octet by octet. */
INLINE uint64_t
others_of(uint64_t dot, uint64_t word, uint64_t atext)
{
	uint64_t first = look_lowest(~(atext | dot));

	return ~word & ~(atext & (first - 1));
}

/* Returns where the local part ends. */
uint64_t
real_local_part(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	struct marks is = { alnum, dot, word };
	uint64_t at_bit = look_lowest(others_of(dot, word, atext));

	return word_lowest(look_local_stops(is, at_bit));
}

uint64_t
when_local_part(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	return when_path(alnum, dot, word, atext);
}

/* Dot-string: Atom *("." Atom).  It ends at the first octet that is neither
 * atext nor a dot, at a dot before that octet or before another dot, and at the
 * last octet. */
INLINE uint64_t
end_of_local_part(uint64_t dot, uint64_t atext)
{
	uint64_t place = 63, found = 0, ends;
	int i;

	EACH(i = 0; i < 63; i++)
	{
		ends = (bit(atext, i) ^ 1) &
		    ((bit(dot, i) & bit(atext, i + 1)) ^ 1);
		place = found | (ends ^ 1) ? place : (uint64_t)i;
		found |= ends;
	}
	return place;
}

uint64_t
what_local_part(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	(void)alnum, (void)word;
	return end_of_local_part(dot, atext);
}

/* Returns true if the octets between the "@" and the octet that ends the domain
 * are a Domain. */
uint64_t
real_domain(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	struct marks is = { alnum, dot, word };
	uint64_t others = others_of(dot, word, atext);
	uint64_t at_bit = look_lowest(others);
	uint64_t end = look_lowest(look_but_lowest(others));

	return look_misplaced(is, at_bit, end) == 0;
}

/* look_at_path() checks that an octet ends the domain, and that the local part
 * ends at the "@", not at a dot before the "@". */
uint64_t
when_domain(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	uint64_t others = others_of(dot, word, atext);

	return when_path(alnum, dot, word, atext) &
	    (uint64_t)(look_but_lowest(others) != 0) &
	    bit(others, (int)end_of_local_part(dot, atext));
}

/* Domain = sub-domain *("." sub-domain), sub-domain = Let-dig [Ldh-str]: a
 * letter or digit comes first, after each dot, and before each dot and the
 * end. */
uint64_t
what_domain(uint64_t alnum, uint64_t dot, uint64_t word, uint64_t atext)
{
	uint64_t in_local = 1, in_domain = 0, begins = 0, last = 0, good = 1;
	int i;

	EACH(i = 0; i < 64; i++)
	{
		uint64_t is_dot = bit(dot, i), is_alnum = bit(alnum, i);
		uint64_t is_local = bit(atext, i) | is_dot;
		uint64_t is_at = in_local & (is_local ^ 1);
		uint64_t ends = is_dot | (bit(word, i) ^ 1);

		/* begins is 1 at the first octet of a sub-domain.  last is 1 if
		 * the octet before is a letter or digit. */
		good &= (in_domain & ends & (last ^ 1)) ^ 1;
		good &= (in_domain & (ends ^ 1) & begins & (is_alnum ^ 1)) ^ 1;
		in_domain = (in_domain & bit(word, i)) | is_at;
		begins = is_dot | is_at;
		last = is_alnum;
		in_local &= is_local;
	}
	return good;
}

/* ---- src/message/text_pass.h --------------------------------------------- */

struct decision {
	struct mailin_text_pass pass;
	struct block block;
};

/* The flags are set if the message comes by DATA (bit 0), if bare newlines are
 * normalized (bit 1) or rejected (bit 2), and if a line starts here (bit 3). */
INLINE struct decision
real_decide(uint64_t cr, uint64_t lf, uint64_t dot, uint64_t known,
    uint64_t flags)
{
	struct decision decision = { .pass = { .dots = -(flags & 1),
					 .normalizes = -(flags >> 1 & 1),
					 .rejects = -(flags >> 2 & 1),
					 .line_start = flags >> 3 & 1 } };
	struct map map = { .cr = cr, .lf = lf, .dot = dot };

	decide(&decision.pass, &map, known, &decision.block);
	return decision;
}

/* The definition: octet by octet, up to the first octet that is left to the
 * automaton. */
INLINE struct decision
what_decide(uint64_t cr, uint64_t lf, uint64_t dot, uint64_t known,
    uint64_t flags)
{
	struct decision decision = { .block = { .len = 0 } };
	uint64_t dots = flags & 1, normalizes = flags >> 1 & 1;
	uint64_t rejects = flags >> 2 & 1, line_start = flags >> 3 & 1;
	uint64_t goes_on = 1, after_cr = 0;
	int i;

	EACH(i = 0; i < 64; i++)
	{
		uint64_t is_cr = bit(cr, i), is_lf = bit(lf, i);
		uint64_t has_next = bit(known, i + 1);
		uint64_t next_lf = bit(lf, i + 1) & has_next;
		uint64_t is_pair = is_lf & after_cr;
		uint64_t bare_lf = is_lf & (after_cr ^ 1);
		uint64_t bare_cr = is_cr & (next_lf ^ 1);
		uint64_t is_dot = bit(dot, i) & line_start & dots;
		uint64_t may_end = bit(cr, i + 1) &
		    (bit(lf, i + 2) | (bit(known, i + 2) ^ 1));

		goes_on &= bit(known, i);
		goes_on &= (is_cr & (has_next ^ 1)) ^ 1;
		goes_on &= (is_dot & ((has_next ^ 1) | may_end)) ^ 1;
		goes_on &= (rejects & (bare_cr | bare_lf)) ^ 1;
		decision.block.len += goes_on;
		decision.block.drop |= (is_dot & goes_on) << i;
		decision.block.bare |= ((bare_cr | bare_lf) & goes_on) << i;
		decision.block.expand |= (bare_lf & normalizes & goes_on) << i;
		decision.block.ends |=
		    ((is_pair | (bare_lf & normalizes)) & goes_on) << i;
		decision.pass.bare_cr |= (bare_cr & goes_on) << i;
		decision.pass.bare_lf |= (bare_lf & goes_on) << i;
		line_start = is_pair;
		after_cr = is_cr;
	}
	return decision;
}

/* decide() requires: cr, lf and dot exclude each other, known is a run of low
 * bits, and no mask has a bit outside of known. */
INLINE uint64_t
when_decide(uint64_t cr, uint64_t lf, uint64_t dot, uint64_t known,
    uint64_t flags)
{
	return (uint64_t)(((cr & lf) | (cr & dot) | (lf & dot)) == 0) &
	    (uint64_t)((known & (known + 1)) == 0) &
	    (uint64_t)(((cr | lf | dot) & ~known) == 0) &
	    (uint64_t)(flags < 16);
}

#define DECIDE(name, member) \
	uint64_t real_decide_##name(uint64_t cr, uint64_t lf, uint64_t dot, \
	    uint64_t known, uint64_t flags) \
	{ \
		return real_decide(cr, lf, dot, known, flags).member; \
	} \
	uint64_t what_decide_##name(uint64_t cr, uint64_t lf, uint64_t dot, \
	    uint64_t known, uint64_t flags) \
	{ \
		return what_decide(cr, lf, dot, known, flags).member; \
	} \
	uint64_t when_decide_##name(uint64_t cr, uint64_t lf, uint64_t dot, \
	    uint64_t known, uint64_t flags) \
	{ \
		return when_decide(cr, lf, dot, known, flags); \
	}

DECIDE(len, block.len)
DECIDE(drop, block.drop)
DECIDE(bare, block.bare)
DECIDE(expand, block.expand)
DECIDE(ends, block.ends)
DECIDE(bare_cr, pass.bare_cr)
DECIDE(bare_lf, pass.bare_lf)
