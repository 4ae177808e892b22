/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"
#include "octet/word.h"

#ifdef HAVE_AVX2
#include <immintrin.h>

#define VECTOR  __m256i
#define WIDTH   32
#define WINDOW  64
#define SCALE   1
#define TARGET  __attribute__((target("avx2,bmi")))
#define INLINE  static inline __attribute__((always_inline)) TARGET
#define OUTLINE static TARGET __attribute__((noinline))

INLINE VECTOR
load(const unsigned char *p)
{
	return _mm256_loadu_si256((const void *)p);
}

INLINE VECTOR
fill(unsigned char octet)
{
	return _mm256_set1_epi8((char)octet);
}

INLINE VECTOR
equal(VECTOR a, VECTOR b)
{
	return _mm256_cmpeq_epi8(a, b);
}

INLINE uint64_t
bits_of(VECTOR v)
{
	return (unsigned)_mm256_movemask_epi8(v);
}

INLINE VECTOR
least(VECTOR a, VECTOR b)
{
	return _mm256_min_epu8(a, b);
}

INLINE VECTOR
lesser(VECTOR a, VECTOR b)
{
	return _mm256_min_epi8(a, b);
}

INLINE VECTOR
plus(VECTOR a, VECTOR b)
{
	return _mm256_adds_epi8(a, b);
}

#define keep_order(v) __asm__("" : "+x"(v))

#include "message/text_vector.h"

/* ---- A pass ---- */

INLINE uint32_t
load_four(const char *in)
{
	uint32_t four;

	memcpy(&four, in, sizeof four);
	return four;
}

/* A shuffle for each value of four bits.  It puts a CR (index 4) before each of
 * the four octets (index 0 to 3) whose bit is set. */
/* clang-format off */
static const uint64_t places[16] = {
	WORD(0, 1, 2, 3, 4, 4, 4, 4), WORD(4, 0, 1, 2, 3, 4, 4, 4),
	WORD(0, 4, 1, 2, 3, 4, 4, 4), WORD(4, 0, 4, 1, 2, 3, 4, 4),
	WORD(0, 1, 4, 2, 3, 4, 4, 4), WORD(4, 0, 1, 4, 2, 3, 4, 4),
	WORD(0, 4, 1, 4, 2, 3, 4, 4), WORD(4, 0, 4, 1, 4, 2, 3, 4),
	WORD(0, 1, 2, 4, 3, 4, 4, 4), WORD(4, 0, 1, 2, 4, 3, 4, 4),
	WORD(0, 4, 1, 2, 4, 3, 4, 4), WORD(4, 0, 4, 1, 2, 4, 3, 4),
	WORD(0, 1, 4, 2, 4, 3, 4, 4), WORD(4, 0, 1, 4, 2, 4, 3, 4),
	WORD(0, 4, 1, 4, 2, 4, 3, 4), WORD(4, 0, 4, 1, 4, 2, 4, 3),
};
/* clang-format on */

/* Count the set bits in each group of four bits.  The count replaces the
 * group. */
INLINE uint64_t
count_fours(uint64_t bits)
{
	bits -= bits >> 1 & UINT64_C(0x5555555555555555);
	return (bits & UINT64_C(0x3333333333333333)) +
	    (bits >> 2 & UINT64_C(0x3333333333333333));
}

/* Octets that are copied in a step; the last step may copy more than len. */
#define STEP ((size_t)16)

OUTLINE char *
expand_many(char *out, const char *in, size_t len, uint64_t lf)
{
	const __m128i cr = _mm_set_epi32(0, 0, '\r', 0);
	uint64_t counts = count_fours(lf);
	size_t at, i;

	for (at = 0; at < len; at += STEP)
#pragma GCC unroll 4
		for (i = 0; i < STEP; i += 4) {
			__m128i four = _mm_cvtsi32_si128(
			    (int)load_four(in + at + i));
			__m128i to = _mm_loadl_epi64(
			    (const void *)(places + (lf & 15)));

			_mm_storel_epi64((void *)out,
			    _mm_shuffle_epi8(_mm_or_si128(four, cr), to));
			out += 4 + (counts & 15);
			lf >>= 4;
			counts >>= 4;
		}
	return out - (at - len);
}

#include "message/text_pass.h"

#define NAME(function)     mailin_text_avx2##function
#define NARROWER(function) mailin_text_sse2##function
#include "message/text_width.h"
#endif
