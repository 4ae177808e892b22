/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "text.h"

#ifdef HAVE_NEON
#include <arm_neon.h>

#define VECTOR uint8x16_t
#define WIDTH  16
#define INLINE static inline

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

/* Four bits of the mask for each octet: NEON has no instruction that takes
 * one. */
INLINE size_t
first(VECTOR v)
{
	uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(v), 4);
	uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(nibbles), 0);

	return mask == 0 ? WIDTH : (size_t)__builtin_ctzll(mask) / 4;
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
	return vreinterpretq_u8_s8(vminq_s8(vreinterpretq_s8_u8(seen),
	    vreinterpretq_s8_u8(v)));
}

INLINE bool
is_odd(VECTOR seen)
{
	return first(~equal(seen, unseen())) != WIDTH;
}

#include "text_vector.h"

struct mailin_run
mailin_text_neon(const unsigned char *in, size_t len,
    const unsigned char *newline)
{
	return search(in, len, newline);
}
#endif
