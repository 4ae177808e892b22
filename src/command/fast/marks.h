/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_MARKS_H
#define MAILIN_SRC_MARKS_H

#include "octet/ascii.h"
#include "octet/rare.h"
#include "octet/vector.h"
#include "octet/word.h"

#if defined HAVE_SSE2
#include <emmintrin.h>
#elif defined HAVE_NEON
#include <arm_neon.h>
#endif

/*
 * Marks are bit masks that classify up to 64 octets of a text at once.  Each
 * mask has a bit for each octet.  The lowest bit is for the first octet.  The
 * end of a word is computed from these bits.  A loop would cost more than all
 * other code here, because the processor mispredicts its end for almost every
 * line.
 *
 * marks_of() makes the marks of the first 32 octets, and marks_more() adds the
 * next 32.  Both read 16 octets at a time, with SSE2 or NEON.  The last 16
 * octets overlap those before, so that no octet after the text is read.
 *
 * All these functions are inlined, because a call would pass struct marks
 * through memory.
 */
struct marks {
	uint64_t alnum; /* letters and digits */
	uint64_t dot;   /* "." */
	uint64_t word;  /* letters, digits, dots and hyphens */
};

#define MARKS_MOST  64
#define MARKS_FIRST 32
#define MARKS_WIDTH 16

/* Are marks faster than the state machine for a line of this length? */
#if defined MARKS_NEVER
#define MARKS_PAY(len) false /* for bench/each.sh */
#elif defined HAVE_SSE2 || defined HAVE_NEON
#define MARKS_PAY(len) ((len) >= MARKS_WIDTH)
#else
#define MARKS_PAY(len) false
#endif

ALWAYS_INLINE struct marks
marks_join(struct marks low, struct marks high, size_t at)
{
	return (struct marks){ low.alnum | high.alnum << at,
		low.dot | high.dot << at, low.word | high.word << at };
}

#if defined HAVE_SSE2
static inline unsigned
marks_vector_bits(__m128i mask)
{
	return (unsigned)_mm_movemask_epi8(mask);
}

/* SSE2 compares signed octets.  127 - last is added, so that the octets from
 * "first" to "last" become the highest signed values. */
ALWAYS_INLINE __m128i
marks_vector_within(__m128i octets, char first, char last)
{
	return _mm_cmpgt_epi8(
	    _mm_add_epi8(octets, _mm_set1_epi8((char)(127 - last))),
	    _mm_set1_epi8((char)(126 - (last - first))));
}

ALWAYS_INLINE __m128i
marks_vector_equal(__m128i octets, char octet)
{
	return _mm_cmpeq_epi8(octets, _mm_set1_epi8(octet));
}

ALWAYS_INLINE struct marks
marks_of_sixteen(const unsigned char *in)
{
	__m128i octets = _mm_loadu_si128((const void *)in);
	__m128i letters = marks_vector_within(
	    _mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 'z');
	__m128i digits = marks_vector_within(octets, '0', '9');
	__m128i alnum = _mm_or_si128(letters, digits);
	__m128i dot = marks_vector_equal(octets, '.');
	__m128i hyphen = marks_vector_equal(octets, '-');

	return (struct marks){ marks_vector_bits(alnum), marks_vector_bits(dot),
		marks_vector_bits(
		    _mm_or_si128(_mm_or_si128(alnum, dot), hyphen)) };
}

#elif defined HAVE_NEON
ALWAYS_INLINE uint8x16_t
marks_vector_within(uint8x16_t octets, unsigned char first, unsigned char last)
{
	return vcleq_u8(vsubq_u8(octets, vdupq_n_u8(first)),
	    vdupq_n_u8((unsigned char)(last - first)));
}

ALWAYS_INLINE uint8x16_t
marks_vector_equal(uint8x16_t octets, unsigned char octet)
{
	return vceqq_u8(octets, vdupq_n_u8(octet));
}

/* NEON has no instruction that extracts one bit of each octet.  So each of the
 * eight octets in a half keeps a different bit.  Additions of neighbouring
 * octets then collect these bits, for all three masks at once. */
ALWAYS_INLINE uint16x8_t
marks_vector_bits(uint8x16_t a, uint8x16_t b, uint8x16_t c)
{
	const uint8x16_t bits = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16,
		32, 64, 128 };
	uint8x16_t sums = vpaddq_u8(
	    vpaddq_u8(vandq_u8(bits, a), vandq_u8(bits, b)),
	    vpaddq_u8(vandq_u8(bits, c), vandq_u8(bits, c)));

	return vreinterpretq_u16_u8(vpaddq_u8(sums, sums));
}

ALWAYS_INLINE struct marks
marks_of_sixteen(const unsigned char *in)
{
	uint8x16_t octets = vld1q_u8(in);
	uint8x16_t letters = marks_vector_within(
	    vorrq_u8(octets, vdupq_n_u8(0x20)), 'a', 'z');
	uint8x16_t digits = marks_vector_within(octets, '0', '9');
	uint8x16_t alnum = vorrq_u8(letters, digits);
	uint8x16_t dot = marks_vector_equal(octets, '.');
	uint16x8_t pairs = marks_vector_bits(alnum, dot,
	    vorrq_u8(vorrq_u8(alnum, dot), marks_vector_equal(octets, '-')));

	return (struct marks){ vgetq_lane_u16(pairs, 0),
		vgetq_lane_u16(pairs, 1), vgetq_lane_u16(pairs, 2) };
}
#else
/* This version without vectors is only for tests, because it costs more than it
 * saves. */
ALWAYS_INLINE struct marks
marks_of_sixteen(const unsigned char *in)
{
	struct marks marks = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < MARKS_WIDTH; i++) {
		marks.alnum |= (uint64_t)ascii_is(in[i], ASCII_ALNUM) << i;
		marks.dot |= (uint64_t)(in[i] == '.') << i;
		marks.word |= (uint64_t)(in[i] == '-') << i;
	}
	marks.word |= marks.alnum | marks.dot;
	return marks;
}
#endif

/* Drop the marks of the first "places" octets. */
ALWAYS_INLINE struct marks
marks_shift(struct marks marks, size_t places)
{
	return (struct marks){ marks.alnum >> places, marks.dot >> places,
		marks.word >> places };
}

/* A text has len octets, of which at most the first "most" are read.  Returns
 * the offset of the last 16 octets that are read. */
ALWAYS_INLINE size_t
marks_last(size_t len, size_t most)
{
	return (len < most ? len : most) - MARKS_WIDTH;
}

/* Returns the marks of the first 32 of len octets.  If len < 16, the function
 * loads the 16 octets that end where the text ends; the caller guarantees that
 * the octets before the text can be read. */
ALWAYS_INLINE struct marks
marks_of(const unsigned char *in, size_t len)
{
	size_t last = marks_last(len, MARKS_FIRST);

	if (len < MARKS_WIDTH)
		return marks_shift(marks_of_sixteen(in + len - MARKS_WIDTH),
		    MARKS_WIDTH - len);
	return marks_join(marks_of_sixteen(in), marks_of_sixteen(in + last),
	    last);
}

/* Add the marks of the next 32 octets.  len must be 32 or more. */
ALWAYS_INLINE struct marks
marks_more(struct marks marks, const unsigned char *in, size_t len)
{
	size_t last = marks_last(len, MARKS_MOST);

	if (last > MARKS_FIRST)
		marks = marks_join(marks, marks_of_sixteen(in + MARKS_FIRST),
		    MARKS_FIRST);
	return marks_join(marks, marks_of_sixteen(in + last), last);
}

#endif
