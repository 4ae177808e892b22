/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Print the octets of each class of src/octet/ascii.h, for proof/runs.py. */
#include <stdio.h>

#include "octet/ascii.h"

#define CLASS(name) \
	{ \
#name, name \
	}

static const struct {
	const char *name;
	int class;
} classes[] = { CLASS(ASCII_ALNUM), CLASS(ASCII_ATEXT), CLASS(ASCII_BASE64),
	CLASS(ASCII_DCONTENT), CLASS(ASCII_LDH), CLASS(ASCII_QTEXT),
	CLASS(ASCII_VCHAR), CLASS(ASCII_XCHAR) };

int
main(void)
{
	size_t i;
	int octet;

	for (i = 0; i < sizeof classes / sizeof *classes; i++) {
		printf("%s", classes[i].name);
		for (octet = 0; octet < 256; octet++)
			if (ascii_is((unsigned char)octet, classes[i].class))
				printf(" %d", octet);
		putchar('\n');
	}
	return 0;
}
