/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"

#ifdef HAVE_SSE2
#include <emmintrin.h>

#define VECTOR __m128i
#define WIDTH  16
#define WINDOW 64
#define SCALE  1
#define TARGET
#define INLINE  static inline __attribute__((always_inline))
#define OUTLINE static __attribute__((noinline))

INLINE VECTOR
load(const unsigned char *p)
{
	return _mm_loadu_si128((const void *)p);
}

INLINE VECTOR
fill(unsigned char octet)
{
	return _mm_set1_epi8((char)octet);
}

INLINE VECTOR
equal(VECTOR a, VECTOR b)
{
	return _mm_cmpeq_epi8(a, b);
}

INLINE uint64_t
bits_of(VECTOR v)
{
	return (unsigned)_mm_movemask_epi8(v);
}

INLINE VECTOR
least(VECTOR a, VECTOR b)
{
	return _mm_min_epu8(a, b);
}

/* SSE2 can compute the minimum of unsigned octets, but not of signed ones.  So
 * invert the highest bit of each octet: the order of signed octets then becomes
 * that of unsigned octets. */
INLINE VECTOR
lesser(VECTOR a, VECTOR b)
{
	return least(a ^ fill(128), b ^ fill(128)) ^ fill(128);
}

INLINE VECTOR
plus(VECTOR a, VECTOR b)
{
	return _mm_adds_epi8(a, b);
}

#define keep_order(v) __asm__("" : "+x"(v))

#include "message/text_vector.h"
#include "message/text_octets.h"
#include "message/text_pass.h"

#define NAME(function)     mailin_text_sse2##function
#define NARROWER(function) mailin_text_words##function
#include "message/text_width.h"
#endif
