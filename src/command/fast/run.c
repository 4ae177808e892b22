/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Skips runs of octets (fast.h) that may contain dots or hyphens. */
#include "command/fast/fast.h"

const unsigned char *
mailin_fast_run_of_atoms(const unsigned char *p)
{
	for (;; p += 2) {
		p = fast_run_of(ASCII_ATEXT, p);
		if (p[1] != '.' || !ascii_is(p[2], ASCII_ATEXT))
			return p;
	}
}

const unsigned char *
mailin_fast_run_of_domain(const unsigned char *p)
{
	for (;; p += 2) {
		p = fast_run_of(ASCII_ALNUM, p);
		if ((p[1] != '.' && p[1] != '-') ||
		    !ascii_is(p[2], ASCII_ALNUM))
			return p;
	}
}
