/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "settings/size.h"

bool
is_size(const struct mailin_setting *setting)
{
	return strcmp(setting->unit, "octets") == 0;
}

/* Returns by how many bits a unit shifts a number, or -1 if the letters are no
 * unit. */
static int
shift_of(const char *letters)
{
	static const char units[] = "KkMmGg";
	const char *unit = strchr(units, letters[0]);

	if (letters[0] == '\0')
		return 0;
	if (unit == NULL || letters[1] != '\0')
		return -1;
	return 10 * (int)((unit - units) / 2 + 1);
}

bool
size_parse(const char *text, uint64_t *size)
{
	uint64_t number = 0;
	size_t digits = strspn(text, "0123456789"), i;
	int shift = shift_of(text + digits);

	if (digits == 0 || shift < 0)
		return false;
	for (i = 0; i < digits; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	if (number > UINT64_MAX >> shift)
		return false;
	*size = number << shift;
	return true;
}
