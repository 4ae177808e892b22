/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_NUMBER_H
#define MAILIN_SRC_NUMBER_H

#include <stdbool.h>

/* Read text, which must be a decimal number up to maximum and nothing else.
 * strtoul would accept signs, blanks and an empty text. */
static inline bool
number_parse(const char *text, unsigned maximum, unsigned *number)
{
	unsigned long long value = 0;
	const char *p;

	for (p = text; *p >= '0' && *p <= '9' && value <= maximum; p++)
		value = value * 10 + (unsigned)(*p - '0');
	if (p == text || *p != '\0' || value > maximum)
		return false;
	*number = (unsigned)value;
	return true;
}

#endif
