/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/ascii.h"
#include "octet/ip_address.h"

#define OCTETS 16
#define GROUPS 8
#define PREFIX 12 /* octets before an IPv4 address in IPv6 form */

/* Returns true for an IPv4 address in IPv6 form (RFC 4291 2.5.5.2). */
/*@ requires \valid_read(octets + (0 .. OCTETS - 1));
  @ assigns \nothing;
  @ ensures \result <==> octets[10] == 0xff && octets[11] == 0xff &&
  @   \forall integer i; 0 <= i < 10 ==> octets[i] == 0;
  @*/
static bool
is_mapped(const unsigned char *octets)
{
	size_t i = 0;

	/*@ loop invariant 0 <= i <= PREFIX - 2;
	  @ loop invariant \forall integer j; 0 <= j < i ==> octets[j] == 0;
	  @ loop assigns i;
	  @ loop variant PREFIX - i;
	  @*/
	while (i < PREFIX - 2 && octets[i] == 0)
		i++;
	return i == PREFIX - 2 && octets[i] == 0xff && octets[i + 1] == 0xff;
}

/* Write a decimal number up to 255.  Returns its length. */
/*@ requires octet <= 255 && \valid(out + (0 .. 2));
  @ assigns out[0 .. 2];
  @ ensures \result == (octet >= 100 ? 3 : octet >= 10 ? 2 : 1);
  @*/
static size_t
write_octet(char *out, unsigned octet)
{
	size_t len = 0;

	if (octet >= 100)
		out[len++] = (char)('0' + octet / 100);
	if (octet >= 10)
		out[len++] = (char)('0' + octet / 10 % 10);
	out[len++] = (char)('0' + octet % 10);
	return len;
}

/* snprintf would take ten times as long, and each session writes two
 * addresses. */
void
mailin_inet_write(char *out, const unsigned char *octets)
{
	size_t i, len = 0;

	/*@ loop invariant 0 <= i <= 4 && 2 * i <= len <= 4 * i;
	  @ loop invariant i == 4 ==> out[len - 1] == 0;
	  @ loop assigns i, len, out[0 .. 15];
	  @ loop variant 4 - i;
	  @*/
	for (i = 0; i < 4; i++) {
		len += write_octet(out + len, octets[i]);
		out[len++] = i < 3 ? '.' : '\0';
	}
}

/* Write a group without leading zeros (RFC 5952 4.1).  Returns its length. */
/*@ requires group <= 0xffff && \valid(out + (0 .. 3));
  @ assigns out[0 .. 3];
  @ ensures 1 <= \result <= 4;
  @*/
static size_t
write_group(char *out, unsigned group)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = 0;
	int shift;

	/*@ loop invariant -4 <= shift <= 12 && shift % 4 == 0;
	  @ loop invariant 0 <= len <= 3 - shift / 4;
	  @ loop invariant shift < 0 ==> len > 0;
	  @ loop assigns shift, len, out[0 .. 3];
	  @ loop variant shift + 4;
	  @*/
	for (shift = 12; shift >= 0; shift -= 4)
		if (len > 0 || shift == 0 || group >> shift != 0)
			out[len++] = digits[group >> shift & 15];
	return len;
}

/*@ requires at < GROUPS && \valid_read(octets + (0 .. OCTETS - 1));
  @ assigns \nothing;
  @ ensures 0 <= \result <= 0xffff;
  @ ensures \result == 0 ==> octets[2 * at] == 0 && octets[2 * at + 1] == 0;
  @*/
static unsigned
group_of(const unsigned char *octets, size_t at)
{
	return 256U * octets[2 * at] + octets[2 * at + 1];
}

/* RFC 5952 4.2: "::" replaces the longest run of zero groups, or the first of
 * several longest ones, but never a single group.  Returns the length of that
 * run, or 0. */
/*@ requires \valid_read(octets + (0 .. OCTETS - 1)) && \valid(start);
  @ requires \separated(start, octets + (0 .. OCTETS - 1));
  @ assigns *start;
  @ ensures \result != 0 ==> 2 <= \result && *start + \result <= GROUPS;
  @ ensures \forall integer i; *start <= i < *start + \result ==>
  @   octets[2 * i] == 0 && octets[2 * i + 1] == 0;
  @*/
static size_t
find_gap(const unsigned char *octets, size_t *start)
{
	size_t i, run = 0, longest = 1;

	/*@ loop invariant 0 <= run <= i <= GROUPS && 1 <= longest;
	  @ loop invariant longest > 1 ==> *start + longest <= i;
	  @ loop invariant \forall integer j; i - run <= j < i ==>
	  @   octets[2 * j] == 0 && octets[2 * j + 1] == 0;
	  @ loop invariant longest > 1 ==>
	  @   \forall integer j; *start <= j < *start + longest ==>
	  @     octets[2 * j] == 0 && octets[2 * j + 1] == 0;
	  @ loop assigns i, run, longest, *start;
	  @ loop variant GROUPS - i;
	  @*/
	for (i = 0; i < GROUPS; i++) {
		run = group_of(octets, i) == 0 ? run + 1 : 0;
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
	size_t i, len = 0, start = 0, gap = find_gap(octets, &start);

	/* RFC 5952 5: the prefix ::ffff:0:0/96 shows an IPv4 address. */
	if (is_mapped(octets)) {
		memcpy(out, "::ffff:", 7);
		mailin_inet_write(out + 7, octets + PREFIX);
		return;
	}
	/*@ loop invariant 0 <= i <= GROUPS && 0 <= len <= 5 * i;
	  @ loop assigns i, len, out[0 .. 5 * GROUPS - 1];
	  @ loop variant GROUPS - i;
	  @*/
	for (i = 0; i < GROUPS; i++) {
		if (gap > 0 && i == start) {
			out[len++] = ':';
			i += gap - 1;
			if (i == GROUPS - 1)
				out[len++] = ':';
			continue;
		}
		if (i > 0)
			out[len++] = ':';
		len += write_group(out + len, group_of(octets, i));
	}
	out[len] = '\0';
}

/*@ predicate is_place(struct mailin_span text, size_t *at) =
  @   \valid_read(text.ptr + (0 .. text.len - 1)) && \valid(at) &&
  @   0 <= *at <= text.len &&
  @   \separated(at, text.ptr + (0 .. text.len - 1));
  @*/

/* Read a number of at most "most" digits at *at.  Returns -1 if there is no
 * digit. */
/*@ requires is_place(text, at);
  @ requires 1 <= most <= 4 && (base == 10 || base == 16);
  @ assigns *at;
  @ ensures -1 <= \result <= 0xffff;
  @ ensures \old(*at) <= *at <= text.len;
  @ ensures \result >= 0 ==> \old(*at) < *at;
  @*/
static int
read_number(struct mailin_span text, size_t *at, int most, int base)
{
	int number = 0, digits;

	/*@ loop invariant 0 <= digits <= most;
	  @ loop invariant *at == \at(*at, Pre) + digits <= text.len;
	  @ loop invariant 0 <= number <= 0xffff;
	  @ loop invariant digits == 0 ==> number == 0;
	  @ loop invariant digits == 1 ==> number <= 0xf;
	  @ loop invariant digits == 2 ==> number <= 0xff;
	  @ loop invariant digits == 3 ==> number <= 0xfff;
	  @ loop assigns *at, number, digits;
	  @ loop variant most - digits;
	  @*/
	for (digits = 0; *at < text.len && digits < most; ++*at, digits++) {
		int digit = ascii_hex_value(text.ptr[*at], true);

		if (digit < 0 || digit >= base)
			break;
		number = number * base + digit;
	}
	return digits > 0 ? number : -1;
}

/* Read four numbers up to 255.  They are decimal even with a leading zero (RFC
 * 5321 4.1.3: "decimal integer", Snum of grammar/literal.rl). */
/*@ requires \valid_read(text.ptr + (0 .. text.len - 1)) && at <= text.len;
  @ requires \valid(octets + (0 .. 3));
  @ requires \separated(octets + (0 .. 3), text.ptr + (0 .. text.len - 1));
  @ assigns octets[0 .. 3];
  @*/
static bool
read_inet(struct mailin_span text, size_t at, unsigned char *octets)
{
	int i, number;

	/*@ loop invariant 0 <= i <= 4 && 0 <= at <= text.len;
	  @ loop assigns i, at, number, octets[0 .. 3];
	  @ loop variant 4 - i;
	  @*/
	for (i = 0; i < 4; i++) {
		if (i > 0 && (at == text.len || text.ptr[at++] != '.'))
			return false;
		number = read_number(text, &at, 3, 10);
		if (number < 0 || number > 255)
			return false;
		octets[i] = (unsigned char)number;
	}
	return at == text.len;
}

/* Read "::", or ":" if more text follows it.  For "::", set *gap to len, the
 * number of octets of the address before the gap. */
/*@ requires is_place(text, at) && *at < text.len && \valid(gap);
  @ requires \separated(gap, at, text.ptr + (0 .. text.len - 1));
  @ assigns *at, *gap;
  @ ensures \result ==> \old(*at) < *at <= text.len;
  @ ensures \result ==> *gap == \old(*gap) ||
  @   \old(*gap) > OCTETS && *gap == len;
  @*/
static bool
read_colons(struct mailin_span text, size_t *at, size_t len, size_t *gap)
{
	if (text.ptr[(*at)++] != ':' || *at == text.len)
		return false;
	if (text.ptr[*at] != ':')
		return true;
	++*at;
	if (*gap <= OCTETS)
		return false;
	*gap = len;
	return true;
}

/* Move the octets after the gap to the end, and fill the gap with zeros. */
/*@ requires gap <= len <= OCTETS && \valid(octets + (0 .. OCTETS - 1));
  @ assigns octets[0 .. OCTETS - 1];
  @ ensures \forall integer i; gap <= i < gap + OCTETS - len ==>
  @   octets[i] == 0;
  @*/
static void
fill_gap(unsigned char *octets, size_t gap, size_t len)
{
	size_t to = OCTETS;

	/*@ loop invariant gap <= len <= to <= OCTETS;
	  @ loop invariant to - len == OCTETS - \at(len, Pre);
	  @ loop assigns len, to, octets[0 .. OCTETS - 1];
	  @ loop variant len - gap;
	  @*/
	while (len > gap)
		octets[--to] = octets[--len];
	/*@ loop invariant gap <= to <= OCTETS - (\at(len, Pre) - gap);
	  @ loop invariant \forall integer i;
	  @   to <= i < OCTETS - (\at(len, Pre) - gap) ==> octets[i] == 0;
	  @ loop assigns to, octets[0 .. OCTETS - 1];
	  @ loop variant to - gap;
	  @*/
	while (to > gap)
		octets[--to] = 0;
}

bool
mailin_inet6_read(struct mailin_span text, unsigned char *octets)
{
	size_t at = 0, len = 0, gap = OCTETS + 1;

	if (text.len >= 2 && text.ptr[0] == ':' && text.ptr[1] == ':') {
		gap = 0;
		at = 2;
	}
	/*@ loop invariant 0 <= at <= text.len;
	  @ loop invariant 0 <= len <= OCTETS && len % 2 == 0;
	  @ loop invariant 0 <= gap <= len || gap == OCTETS + 1;
	  @ loop assigns at, len, gap, octets[0 .. OCTETS - 1];
	  @ loop variant text.len - at;
	  @*/
	while (at < text.len) {
		size_t start = at;
		int group = read_number(text, &at, 4, 16);

		if (at < text.len && text.ptr[at] == '.') {
			if (len > OCTETS - 4 ||
			    !read_inet(text, start, octets + len))
				return false;
			len += 4;
			break;
		}
		if (group < 0 || len == OCTETS)
			return false;
		octets[len++] = (unsigned char)(group >> 8);
		octets[len++] = (unsigned char)group;
		if (at < text.len && !read_colons(text, &at, len, &gap))
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
	if (read_inet(text, 0, octets))
		mailin_inet_write(out, octets);
	else if (!mailin_inet6_read(text, octets))
		return false;
	else if (is_mapped(octets))
		mailin_inet_write(out, octets + PREFIX);
	else
		mailin_inet6_write(out, octets);
	return true;
}
