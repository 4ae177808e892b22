/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "octet/ascii.h"
#include "octet/ip_address.h"

#define OCTETS 16
#define GROUPS 8

/* RFC 4291 2.5.5.2: an IPv6 address that begins like this contains an IPv4
 * address. */
static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static char *
write_octet(char *out, unsigned octet)
{
	if (octet >= 100)
		*out++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*out++ = (char)('0' + octet / 10 % 10);
	*out++ = (char)('0' + octet % 10);
	return out;
}

/* snprintf would take ten times as long, and each session writes two
 * addresses. */
void
mailin_inet_write(char *out, const unsigned char *octets)
{
	int i;

	for (i = 0; i < 4; i++) {
		out = write_octet(out, octets[i]);
		*out++ = i < 3 ? '.' : '\0';
	}
}

static unsigned
group(const unsigned char *octets, size_t at)
{
	return (unsigned)octets[2 * at] << 8 | octets[2 * at + 1];
}

/* RFC 5952 4.2: "::" replaces the longest run of zero groups, or the first of
 * several longest ones, but never a single group.  Returns the length of that
 * run, or 0. */
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
	size_t i, start = 0, gap = find_gap(octets, &start);
	char *p = out;

	/* RFC 5952 5: an address in ::ffff:0:0/96 ends in an IPv4 address. */
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

/* Read a number of at most "most" digits at *p.  Returns -1 if there is no
 * digit.  base is at most 16. */
static int
read_number(const char **p, const char *end, int most, int base)
{
	int number = 0, digits = 0;

	for (; *p < end && digits < most; ++*p, digits++) {
		char c = ascii_upper(**p);
		int digit = c >= 'A' ? c - 'A' + 10 : c - '0';

		if (!ascii_is_alnum(c) || digit >= base)
			break;
		number = number * base + digit;
	}
	return digits > 0 ? number : -1;
}

/* Read four numbers up to 255.  They are decimal even with a leading zero (RFC
 * 5321 4.1.3: "decimal integer", Snum of grammar/literal.rl). */
static bool
read_inet(const char *p, const char *end, unsigned char *octets)
{
	int i, number;

	for (i = 0; i < 4; i++) {
		if (i > 0 && (p == end || *p++ != '.'))
			return false;
		number = read_number(&p, end, 3, 10);
		if (number < 0 || number > 255)
			return false;
		octets[i] = (unsigned char)number;
	}
	return p == end;
}

/* Read ":", after which a group must follow, or "::".  For "::" set *gap to
 * len. */
static bool
read_colons(const char **p, const char *end, size_t len, size_t *gap)
{
	if (*(*p)++ != ':' || *p == end)
		return false;
	if (**p != ':')
		return true;
	++*p;
	if (*gap <= OCTETS)
		return false;
	*gap = len;
	return true;
}

/* Move the octets after the gap to the end, and fill the gap with zeros. */
static void
fill_gap(unsigned char *octets, size_t gap, size_t len)
{
	memmove(octets + OCTETS - (len - gap), octets + gap, len - gap);
	memset(octets + gap, 0, OCTETS - len);
}

bool
mailin_inet6_read(struct mailin_span text, unsigned char *octets)
{
	const char *p = text.ptr, *end = p + text.len;
	size_t len = 0, gap = OCTETS + 1;

	if (text.len >= 2 && p[0] == ':' && p[1] == ':') {
		gap = 0;
		p += 2;
	}
	while (p < end) {
		const char *start = p;
		int group = read_number(&p, end, 4, 16);

		if (p < end && *p == '.') {
			if (len > OCTETS - 4 ||
			    !read_inet(start, end, octets + len))
				return false;
			len += 4;
			break;
		}
		if (group < 0 || len == OCTETS)
			return false;
		octets[len++] = (unsigned char)(group >> 8);
		octets[len++] = (unsigned char)group;
		if (p < end && !read_colons(&p, end, len, &gap))
			return false;
	}
	if (gap > OCTETS)
		return len == OCTETS;
	if (len == OCTETS)
		return false;
	fill_gap(octets, gap, len);
	return true;
}

bool
mailin_ip_plain(struct mailin_span text, char *out)
{
	unsigned char octets[OCTETS];

	if (text.len == 0)
		return false;
	if (read_inet(text.ptr, text.ptr + text.len, octets))
		mailin_inet_write(out, octets);
	else if (!mailin_inet6_read(text, octets))
		return false;
	else if (memcmp(octets, mapped, sizeof mapped) == 0)
		mailin_inet_write(out, octets + sizeof mapped);
	else
		mailin_inet6_write(out, octets);
	return true;
}
