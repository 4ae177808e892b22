/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_MARKS_H
#define MAILIN_SRC_MARKS_H

#include "octet/ascii.h"
#include "octet/vector.h"
#include "octet/word.h"

#if defined HAVE_SSE2
#include <emmintrin.h>
#elif defined HAVE_NEON
#include <arm_neon.h>
#endif

/* It is used where each step counts: out of line the bits go by memory. */
#ifdef __GNUC__
#define MARKS_INLINE static inline __attribute__((always_inline))
#else
#define MARKS_INLINE static inline
#endif

/*
 * What the octets of a short text are, all at one look: a bit for each, that of
 * the first is the lowest.  Where a word ends is then reckoned, not searched
 * for: a search ends elsewhere in each text, and a processor that has guessed
 * wrong where loses more by it than by all the rest.
 */
struct marks {
	uint64_t alnum;
	uint64_t dot;
	uint64_t hyphen;
};

#define MARKS_MOST  64
#define MARKS_WIDTH 16

/* Is a look at so many octets, or more, worth it? */
#if defined HAVE_SSE2 || defined HAVE_NEON
#define MARKS_PAY(len) ((len) >= MARKS_WIDTH)
#else
#define MARKS_PAY(len) false
#endif

MARKS_INLINE struct marks
marks_join(struct marks low, struct marks high, size_t at)
{
	return (struct marks){
		low.alnum | high.alnum << at,
		low.dot | high.dot << at,
		low.hyphen | high.hyphen << at
	};
}

#if defined HAVE_SSE2
static inline uint64_t
marks_vector_bits(__m128i mask)
{
	return (unsigned)_mm_movemask_epi8(mask);
}

/* The octets through the last are made the highest that there are with a sign;
 * those above 127 come to lie below. */
MARKS_INLINE __m128i
marks_vector_within(__m128i octets, char first, char last)
{
	return _mm_cmpgt_epi8(
	    _mm_add_epi8(octets, _mm_set1_epi8((char)(127 - last))),
	    _mm_set1_epi8((char)(126 - (last - first))));
}

MARKS_INLINE struct marks
marks_of_sixteen(const unsigned char *in)
{
	__m128i octets = _mm_loadu_si128((const void *)in);
	__m128i letters = marks_vector_within(
	    _mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 'z');
	__m128i digits = marks_vector_within(octets, '0', '9');

	return (struct marks){
		marks_vector_bits(_mm_or_si128(letters, digits)),
		marks_vector_bits(_mm_cmpeq_epi8(octets, _mm_set1_epi8('.'))),
		marks_vector_bits(_mm_cmpeq_epi8(octets, _mm_set1_epi8('-')))
	};
}

#elif defined HAVE_NEON
MARKS_INLINE uint8x16_t
marks_vector_within(uint8x16_t octets, unsigned char first, unsigned char last)
{
	return vcleq_u8(vsubq_u8(octets, vdupq_n_u8(first)),
	    vdupq_n_u8((unsigned char)(last - first)));
}

/* Each octet has a bit of its own in one half; these are added up, of all three
 * marks at once. */
MARKS_INLINE struct marks
marks_of_sixteen(const unsigned char *in)
{
	const uint8x16_t bits = { 1, 2, 4, 8, 16, 32, 64, 128,
		1, 2, 4, 8, 16, 32, 64, 128 };
	uint8x16_t octets = vld1q_u8(in);
	uint8x16_t letters = marks_vector_within(
	    vorrq_u8(octets, vdupq_n_u8(0x20)), 'a', 'z');
	uint8x16_t digits = marks_vector_within(octets, '0', '9');
	uint8x16_t alnum = vandq_u8(bits, vorrq_u8(letters, digits));
	uint8x16_t dot = vandq_u8(bits, vceqq_u8(octets, vdupq_n_u8('.')));
	uint8x16_t hyphen = vandq_u8(bits, vceqq_u8(octets, vdupq_n_u8('-')));
	uint8x16_t sums = vpaddq_u8(vpaddq_u8(alnum, dot),
	    vpaddq_u8(hyphen, hyphen));
	uint16x8_t pairs = vreinterpretq_u16_u8(vpaddq_u8(sums, sums));

	return (struct marks){
		vgetq_lane_u16(pairs, 0), vgetq_lane_u16(pairs, 1),
		vgetq_lane_u16(pairs, 2)
	};
}
#else
/* That costs more than what is spared by it (MARKS_PAY). */
MARKS_INLINE struct marks
marks_of_sixteen(const unsigned char *in)
{
	struct marks marks = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < MARKS_WIDTH; i++) {
		marks.alnum |= (uint64_t)ascii_is(in[i], ASCII_ALNUM) << i;
		marks.dot |= (uint64_t)(in[i] == '.') << i;
		marks.hyphen |= (uint64_t)(in[i] == '-') << i;
	}
	return marks;
}
#endif

/* Without the first octets. */
MARKS_INLINE struct marks
marks_shift(struct marks marks, size_t places)
{
	return (struct marks){
		marks.alnum >> places, marks.dot >> places,
		marks.hyphen >> places
	};
}

/* Of the first 64 of so many.  Less than 16 have others before them, which may
 * be read, so that there are 16. */
MARKS_INLINE struct marks
marks_of(const unsigned char *in, size_t len)
{
	struct marks marks;

	if (len < MARKS_WIDTH)
		return marks_shift(marks_of_sixteen(in + len - MARKS_WIDTH),
		    MARKS_WIDTH - len);
	len = (len < MARKS_MOST ? len : MARKS_MOST) - MARKS_WIDTH;
	marks = marks_of_sixteen(in);
	if (len > MARKS_WIDTH) {
		marks = marks_join(marks, marks_of_sixteen(in + MARKS_WIDTH),
		    MARKS_WIDTH);
		marks = marks_join(marks, marks_of_sixteen(in + len -
		    MARKS_WIDTH), len - MARKS_WIDTH);
	}
	return marks_join(marks, marks_of_sixteen(in + len), len);
}

#endif
