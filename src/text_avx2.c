/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "text.h"

#ifdef HAVE_AVX2
#include <immintrin.h>

#define VECTOR __m256i
#define WIDTH  32
#define WINDOW 64
#define SCALE  1
#define TARGET __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline)) TARGET
#define APART  static TARGET __attribute__((noinline))

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

#define settle(v) __asm__ ("" : "+x" (v))

#include "text_vector.h"

TARGET size_t
mailin_text_avx2(const char *in, size_t len, bool dots, bool near,
    struct mailin_sights *sights)
{
	return len < WIDTH ? mailin_text_sse2(in, len, dots, near, sights)
	    : search(in, len, dots, near, sights);
}

TARGET bool
mailin_text_avx2_plain(const char *in, size_t len)
{
	return is_plain(in, len);
}
#endif
