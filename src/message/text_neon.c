/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/text.h"

#ifdef HAVE_NEON
#include <arm_neon.h>

#define VECTOR uint8x16_t
#define WIDTH  16
#define WINDOW 64
#define SCALE  1
#define TARGET
#define INLINE  static inline __attribute__((always_inline))
#define OUTLINE static __attribute__((noinline))

INLINE VECTOR
load(const unsigned char *p)
{
	return vld1q_u8(p);
}

INLINE VECTOR
fill(unsigned char octet)
{
	return vdupq_n_u8(octet);
}

INLINE VECTOR
equal(VECTOR a, VECTOR b)
{
	return vceqq_u8(a, b);
}

/* NEON has no instruction that collects the highest bits of all octets.  So
 * give the octets different bits, and add them up. */
INLINE uint64_t
bits_of(VECTOR v)
{
	const uint8x16_t places = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16,
		32, 64, 128 };
	uint8x16_t bits = vandq_u8(places, vcltzq_s8(vreinterpretq_s8_u8(v)));

	return (uint64_t)vaddv_u8(vget_low_u8(bits)) |
	    (uint64_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

INLINE VECTOR
least(VECTOR a, VECTOR b)
{
	return vminq_u8(a, b);
}

INLINE VECTOR
lesser(VECTOR a, VECTOR b)
{
	return vreinterpretq_u8_s8(
	    vminq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
}

INLINE VECTOR
plus(VECTOR a, VECTOR b)
{
	return vreinterpretq_u8_s8(
	    vqaddq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
}

#define keep_order(v) __asm__("" : "+w"(v))

#include "message/text_vector.h"
#include "message/text_octets.h"
#include "message/text_pass.h"

#define NAME(function)     mailin_text_neon##function
#define NARROWER(function) mailin_text_words##function
#include "message/text_width.h"
#endif
