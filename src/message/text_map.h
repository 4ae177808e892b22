/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TEXT_MAP_H
#define MAILIN_SRC_TEXT_MAP_H

#include <stddef.h>
#include <stdint.h>

#define MAP_OCTETS ((size_t)64)

/* Where octets stand in a block: a bit for each, that of the first is
 * the lowest. */
struct map {
	uint64_t cr, lf, dot, nul;
	uint64_t eight_bit;
};

#endif
