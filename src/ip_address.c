/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "ascii.h"
#include "ip_address.h"

#define OCTETS 16
#define GROUPS 8

void
mailin_inet_write(char *out, const unsigned char *octets)
{
	snprintf(out, IP_ADDRESS_ROOM, "%u.%u.%u.%u", octets[0], octets[1],
	    octets[2], octets[3]);
}

static unsigned
group(const unsigned char *octets, size_t at)
{
	return (unsigned)octets[2 * at] << 8 | octets[2 * at + 1];
}

/*
 * RFC 5952 4.2: "::" stands for the longest run of zero groups, the first of
 * two such, and never for a single group.  Answers its length, 0 for none.
 */
static size_t
find_gap(const unsigned char *octets, size_t *start)
{
	size_t i, run = 0, longest = 1;

	for (i = 0; i < GROUPS; i++) {
		run = group(octets, i) == 0 ? run + 1 : 0;
		if (run > longest) {
			longest = run;
			*start = i + 1 - run;
		}
	}
	return longest > 1 ? longest : 0;
}

void
mailin_inet6_write(char *out, const unsigned char *octets)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t i, start = 0, gap = find_gap(octets, &start);
	char *p = out;

	/* RFC 5952 5: the prefix ::ffff:0:0/96 tells an IPv4 address. */
	if (memcmp(octets, mapped, sizeof mapped) == 0) {
		memcpy(out, "::ffff:", 7);
		mailin_inet_write(out + 7, octets + sizeof mapped);
		return;
	}
	for (i = 0; i < GROUPS; i++) {
		if (gap > 0 && i == start) {
			*p++ = ':';
			i += gap - 1;
			if (i == GROUPS - 1)
				*p++ = ':';
			continue;
		}
		if (i > 0)
			*p++ = ':';
		p += snprintf(p, 5, "%x", group(octets, i));
	}
	*p = '\0';
}

static unsigned
hex_value(char c)
{
	c = ascii_upper(c);
	return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* Move all from gap on to the end, zeros in between. */
static void
fill_gap(unsigned char *octets, size_t gap, size_t len)
{
	memmove(octets + OCTETS - (len - gap), octets + gap, len - gap);
	memset(octets + gap, 0, OCTETS - len);
}

void
mailin_inet6_read(struct mailin_span text, unsigned char *octets)
{
	size_t i, len = 0, gap = OCTETS, digits = 0;
	unsigned hex = 0, decimal = 0;
	bool dotted = false;

	/* A colon behind the end ends the last group like the others. */
	for (i = 0; i <= text.len; i++) {
		char c = i < text.len ? text.ptr[i] : ':';

		if (c != ':' && c != '.') {
			hex = hex << 4 | hex_value(c);
			decimal = decimal * 10 + hex_value(c);
			digits++;
			continue;
		}
		dotted |= c == '.';
		if (digits == 0) {
			gap = len;
		} else if (dotted) {
			octets[len++] = (unsigned char)decimal;
		} else {
			octets[len++] = (unsigned char)(hex >> 8);
			octets[len++] = (unsigned char)hex;
		}
		hex = decimal = 0;
		digits = 0;
	}
	if (gap < OCTETS)
		fill_gap(octets, gap, len);
}
