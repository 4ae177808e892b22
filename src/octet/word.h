/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_WORD_H
#define MAILIN_SRC_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* These functions test eight octets at a time, in a word of 64 bits.  A mask is
 * a word with the highest bit set in each octet for which a test is true; all
 * its other bits are 0. */

#define WORD_EACH UINT64_C(0x0101010101010101)
#define WORD_HIGH (WORD_EACH * 0x80)

#define WORD(a, b, c, d, e, f, g, h) \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | \
	    (uint64_t)(d) << 24 | (uint64_t)(e) << 32 | (uint64_t)(f) << 40 | \
	    (uint64_t)(g) << 48 | (uint64_t)(h) << 56)

/* Load eight octets.  On every processor, the first octet becomes the lowest
 * octet of the word.  Where the byte order allows it, memcpy() is used, because
 * compilers always turn it into one load.  They do not do so with WORD() if
 * they know the value of one of the octets. */
static inline uint64_t
word_load(const unsigned char *in)
{
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t word;

	memcpy(&word, in, sizeof word);
	return word;
#else
	return WORD(in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7]);
#endif
}

static inline void
word_store(unsigned char *out, uint64_t word)
{
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(out, &word, sizeof word);
#else
	size_t i;

	for (i = 0; i < sizeof word; i++)
		out[i] = (unsigned char)(word >> 8 * i);
#endif
}

/* All bits except those that distinguish small letters from capitals. */
#define WORD_CASELESS (WORD_EACH * 0xdf)

/* Returns true if the eight octets are these letters in any case.  "letters"
 * must be capitals. */
static inline bool
word_is_caseless(const unsigned char *in, const char *letters)
{
	return (word_load(in) & WORD_CASELESS) ==
	    word_load((const unsigned char *)letters);
}

/* Returns the index of the lowest bit of bits, which must not be 0. */
static inline size_t
word_lowest(uint64_t bits)
{
#ifdef __GNUC__
	return (unsigned)__builtin_ctzll(bits);
#else
	size_t i = 0;

	for (; (bits & 1) == 0; bits >>= 1)
		i++;
	return i;
#endif
}

/* Returns the index of the highest bit of bits, which must not be 0. */
static inline size_t
word_highest(uint64_t bits)
{
#ifdef __GNUC__
	return 63 - (unsigned)__builtin_clzll(bits);
#else
	size_t i = 0;

	for (; (bits >>= 1) != 0;)
		i++;
	return i;
#endif
}

/* Returns a mask of the octets that are equal to octet.  Use only the lowest
 * bit of the mask: octets after the first equal one may be marked wrongly. */
static inline uint64_t
word_equal(uint64_t octets, unsigned char octet)
{
	octets ^= WORD_EACH * octet;
	return (octets - WORD_EACH) & ~octets & WORD_HIGH;
}

/* Returns a mask of exactly those octets that are equal to octet. */
static inline uint64_t
word_each_equal(uint64_t octets, unsigned char octet)
{
	octets ^= WORD_EACH * octet;
	return ~(((octets | WORD_HIGH) - WORD_EACH) | octets) & WORD_HIGH;
}

/* Pack a mask into 8 bits.  The lowest bit is that of the first octet. */
static inline uint64_t
word_pack(uint64_t mask)
{
	return (mask >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* Returns true if all octets are printable ASCII or spaces. */
static inline bool
word_is_print(uint64_t octets)
{
	return (((octets - WORD_EACH * 0x20) | (octets + WORD_EACH) | octets) &
		   WORD_HIGH) == 0;
}

#endif
