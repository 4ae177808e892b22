/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "message/text.h"

#ifdef HAVE_SSE2
#include <emmintrin.h>

#define VECTOR __m128i
#define WIDTH  16
#define WINDOW 64
#define SCALE  1
#define INLINE static inline __attribute__((always_inline))
#define APART  static __attribute__((noinline))

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

/* SSE2 has it for octets without a sign. */
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

#define settle(v) __asm__("" : "+x"(v))

#include "message/text_vector.h"
#include "message/text_octets.h"
#include "message/text_pass.h"

size_t
mailin_text_sse2(const char *in, size_t len, bool dots, bool near,
    struct mailin_sights *sights)
{
	return len < WIDTH ? mailin_text_words(in, len, dots, near, sights) :
			     search(in, len, dots, near, sights);
}

bool
mailin_text_sse2_plain(const char *in, size_t len)
{
	return len < WIDTH ? mailin_text_words_plain(in, len) :
			     is_plain(in, len);
}

void
mailin_text_sse2_gather(struct mailin_text_pass *pass)
{
	gather(pass, true);
}

void
mailin_text_sse2_skip(struct mailin_text_pass *pass)
{
	gather(pass, false);
}
#endif
