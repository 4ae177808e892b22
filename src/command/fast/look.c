/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Finds the end of a long Domain with vectors.  The other functions of this
 * kind ("looks") are inline functions of look.h. */
#include "command/fast/look.h"

/* Read a long Domain 64 octets at a time.  The last octet is read again with
 * the next ones, so that each octet is seen together with its neighbours. */
const unsigned char *
mailin_look_past_domain(const unsigned char *p, const unsigned char *end)
{
	for (;; p += MARKS_MOST - 1) {
		struct marks is = marks_of(p, (size_t)(end - p));
		uint64_t stops;

		if ((uint32_t)is.word == UINT32_MAX)
			is = marks_more(is, p, (size_t)(end - p));
		stops = look_domain_stops(is);
		if (stops != 0)
			return p + word_lowest(stops);
	}
}
