/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "text.h"

#ifdef HAVE_SSE2
#include <emmintrin.h>

#define VECTOR __m128i
#define WIDTH  16
#define INLINE static inline

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

INLINE size_t
first(VECTOR v)
{
	unsigned mask = (unsigned)_mm_movemask_epi8(v);

	return mask == 0 ? WIDTH : (size_t)__builtin_ctz(mask);
}

/* The greatest octets, less 1: SSE2 compares no signed ones.  A NUL gives 255,
 * the octets above 127 give 127 and more. */
INLINE VECTOR
unseen(void)
{
	return fill(0);
}

INLINE VECTOR
see(VECTOR seen, VECTOR v)
{
	return _mm_max_epu8(seen, _mm_sub_epi8(v, fill(1)));
}

INLINE bool
is_odd(VECTOR seen)
{
	return first(_mm_adds_epu8(seen, fill(1))) != WIDTH;
}

#include "text_vector.h"

struct mailin_run
mailin_text_sse2(const unsigned char *in, size_t len,
    const unsigned char *newline)
{
	return search(in, len, newline);
}
#endif
