/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/codec.h>

#include "ascii.h"

/*
 * RFC 3629 4, by lead octet: how many octets, and the range of the second.
 * All others of a sequence are 80..BF.
 */
struct lead {
	unsigned char first, last;       /* of the lead octet */
	unsigned char count;
	unsigned char low, high;         /* of the second octet */
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct lead *
find_lead(unsigned char octet)
{
	size_t i;

	for (i = 0; i < sizeof leads / sizeof leads[0]; i++)
		if (octet >= leads[i].first && octet <= leads[i].last)
			return &leads[i];
	return NULL;
}

/* The octets of the sequence at p, 0 if it is not well-formed. */
static size_t
sequence(const unsigned char *p, size_t len)
{
	const struct lead *lead = find_lead(p[0]);
	size_t i;

	if (lead == NULL || len < lead->count ||
	    p[1] < lead->low || p[1] > lead->high)
		return 0;
	for (i = 2; i < lead->count; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return lead->count;
}

bool
mailin_utf8_valid(struct mailin_span in)
{
	const unsigned char *p = (const unsigned char *)in.ptr;
	size_t i = 0, count;

	while (i < in.len) {
		count = p[i] < 0x80 ? 1 : sequence(p + i, in.len - i);
		if (count == 0)
			return false;
		i += count;
	}
	return true;
}
