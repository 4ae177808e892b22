/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>

/*
 * A map shows where certain octets are in a block of MAP_OCTETS.  Each mask has
 * a bit for each octet of the block; the lowest bit is that of the first octet.
 * This code is written once for vectors of any width: the file that includes
 * this header defines what text_search.h asks for, and
 *
 *	bits_equal(v, octet)   a bit for each octet of v that equals "octet"
 *	high_bits(v)           a bit for each octet of v that is above 127
 */

#define MAP_OCTETS ((size_t)64)

struct map {
	uint64_t cr, lf, dot, nul;
	uint64_t eight_bit;
};

INLINE void
map_block(const char *octets, struct map *map)
{
	const unsigned char *in = (const unsigned char *)octets;
	struct map all = { 0, 0, 0, 0, 0 };
	size_t at;

#pragma GCC unroll 8
	for (at = 0; at < MAP_OCTETS; at += WIDTH) {
		VECTOR some = load(in + at);

		all.cr |= bits_equal(some, '\r') << at;
		all.lf |= bits_equal(some, '\n') << at;
		all.dot |= bits_equal(some, '.') << at;
		all.nul |= bits_equal(some, '\0') << at;
		all.eight_bit |= high_bits(some) << at;
	}
	*map = all;
}
