/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TEXT_MAP_H
#define MAILIN_SRC_TEXT_MAP_H

#include <stddef.h>
#include <stdint.h>

#define MAP_OCTETS ((size_t)64)

/* The places of some octets in a block of MAP_OCTETS.  Each mask has a bit for
 * each octet of the block, the lowest for the first. */
struct map {
	uint64_t cr, lf, dot, nul;
	uint64_t eight_bit;
};

#endif
