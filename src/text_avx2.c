/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "text.h"

#ifdef HAVE_AVX2
#include <immintrin.h>

#define VECTOR __m256i
#define WIDTH  32
#define TARGET __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline)) TARGET

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

INLINE size_t
first(VECTOR v)
{
	unsigned mask = (unsigned)_mm256_movemask_epi8(v);

	return mask == 0 ? WIDTH : (size_t)__builtin_ctz(mask);
}

/* The least octets, as signed ones; 1 asks for nothing. */
INLINE VECTOR
unseen(void)
{
	return fill(1);
}

INLINE VECTOR
see(VECTOR seen, VECTOR v)
{
	return _mm256_min_epi8(seen, v);
}

INLINE bool
is_odd(VECTOR seen)
{
	return first(~equal(seen, unseen())) != WIDTH;
}

#include "text_vector.h"

TARGET struct mailin_run
mailin_text_avx2(const unsigned char *in, size_t len,
    const unsigned char *newline)
{
	return search(in, len, newline);
}
#endif
