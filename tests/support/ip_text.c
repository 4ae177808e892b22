/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/ip_text.h"

/* Reads a number that has at least 1 and at most "most" digits. */
static bool
read_number(const char **text, const char *digits, size_t most,
    unsigned *number)
{
	size_t len = strspn(*text, digits);
	size_t base = strlen(digits) > 10 ? 16 : 10;

	if (len == 0 || len > most ||
	    sscanf(*text, base == 16 ? "%4x" : "%3u", number) != 1)
		return false;
	*text += len;
	return true;
}

bool
ip_text_read4(const char *text, unsigned char octets[4])
{
	unsigned number;
	size_t i;

	for (i = 0; i < 4; i++) {
		const char *digit = text;

		if (!read_number(&text, "0123456789", 3, &number) ||
		    *text != (i < 3 ? '.' : '\0') || number > 255 ||
		    (*digit == '0' && text - digit > 1))
			return false;
		octets[i] = (unsigned char)number;
		text += i < 3;
	}
	return true;
}

/* Reads groups, separated by colons, up to "end".  Returns the number of octets
 * of the address, or -1.  If "last" is true, an IPv4 address may be the last
 * group. */
static int
read_groups(const char *text, const char *end, bool last,
    unsigned char octets[16])
{
	unsigned number;
	int len = 0;

	while (text < end) {
		if (last && strchr(text, ':') == NULL &&
		    strchr(text, '.') != NULL && len <= 12)
			return ip_text_read4(text, octets + len) ? len + 4 : -1;
		if (len == 16 ||
		    !read_number(&text, "0123456789abcdefABCDEF", 4, &number) ||
		    (*text != ':' && *text != '\0'))
			return -1;
		octets[len++] = (unsigned char)(number >> 8);
		octets[len++] = (unsigned char)number;
		if (text < end && ++text == end)
			return -1;
	}
	return len;
}

bool
ip_text_read6(const char *text, unsigned char octets[16])
{
	const char *gap = strstr(text, "::"), *end = text + strlen(text);
	unsigned char right[16];
	int left_len, right_len;

	memset(octets, 0, 16);
	if (gap == NULL)
		return read_groups(text, end, true, octets) == 16;
	left_len = read_groups(text, gap, false, octets);
	right_len = read_groups(gap + 2, end, true, right);
	if (left_len < 0 || right_len < 0 || left_len + right_len > 14)
		return false;
	memcpy(octets + 16 - right_len, right, (size_t)right_len);
	return true;
}

static bool
are_zero(const unsigned char *octets, size_t len)
{
	while (len > 0 && octets[len - 1] == 0)
		len--;
	return len == 0;
}

/* Writes a range of groups, with colons between them. */
static char *
write_groups(char *out, const unsigned char *octets, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		out += sprintf(out, i > from ? ":%x" : "%x",
		    octets[2 * i] * 256u + octets[2 * i + 1]);
	return out;
}

char *
ip_text_write6(char out[IP_TEXT_ROOM], const unsigned char octets[16])
{
	size_t from, len;
	char *p = out;

	if (are_zero(octets, 10) && octets[10] == 0xff && octets[11] == 0xff) {
		sprintf(out, "::ffff:%u.%u.%u.%u", octets[12], octets[13],
		    octets[14], octets[15]);
		return out;
	}
	/* Find the longest gap; of several, the first.  A single group is not
	 * a gap. */
	for (len = 8; len >= 2; len--)
		for (from = 0; from + len <= 8; from++)
			if (are_zero(octets + 2 * from, 2 * len)) {
				p = write_groups(p, octets, 0, from);
				p += sprintf(p, "::");
				write_groups(p, octets, from + len, 8);
				return out;
			}
	write_groups(p, octets, 0, 8);
	return out;
}
