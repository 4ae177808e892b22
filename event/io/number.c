/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "io/number.h"

bool
number_parse(const char *text, unsigned maximum, unsigned *number)
{
	unsigned long long value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (strchr("0123456789", *text) == NULL)
			return false;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > maximum)
			return false;
	}
	*number = (unsigned)value;
	return true;
}
