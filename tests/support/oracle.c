/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "support/oracle.h"

/* RFC 3629 3 by arithmetic: compute the value of one sequence, and check that
 * it has the shortest possible length. */
size_t
oracle_utf8_sequence(const char *p, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)p[0];
	size_t ones = 0, i;
	uint32_t code;

	if (lead < 0x80)
		return 1;
	while (ones < 8 && (lead & 0x80 >> ones) != 0)
		ones++;
	if (ones < 2 || ones > 4 || ones > len)
		return 0;
	code = lead & 0xffu >> (ones + 1);
	for (i = 1; i < ones; i++) {
		unsigned char next = (unsigned char)p[i];

		if (next >> 6 != 2)
			return 0;
		code = code << 6 | (next & 0x3f);
	}
	if (code < least[ones] || code > 0x10ffff || code >> 11 == 0x1b)
		return 0;
	return ones;
}

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static bool
is_made_of(struct mailin_span text, const char *set)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!is_one_of(text.ptr[i], set))
			return false;
	return true;
}

/* Split *text at the first octet that is equal to "at".  *before becomes the
 * octets before this octet, *text the octets after it.  Returns false if there
 * is no such octet; *before is then the whole text. */
static bool
cut(struct mailin_span *text, char at, struct mailin_span *before)
{
	const char *p = text->len == 0 ? NULL :
					 memchr(text->ptr, at, text->len);

	*before = *text;
	if (p == NULL) {
		text->ptr += text->len;
		text->len = 0;
		return false;
	}
	before->len = (size_t)(p - text->ptr);
	text->ptr = p + 1;
	text->len -= before->len + 1;
	return true;
}

static bool
is_ipv4(struct mailin_span text)
{
	struct mailin_span number;
	int count = 0, value;
	size_t i;
	bool more;

	do {
		more = cut(&text, '.', &number);
		if (number.len < 1 || number.len > 3 ||
		    !is_made_of(number, DIGITS))
			return false;
		for (value = 0, i = 0; i < number.len; i++)
			value = 10 * value + number.ptr[i] - '0';
		if (value > 255)
			return false;
		count++;
	} while (more);
	return count == 4;
}

/* Returns the number of 16-bit groups, separated by colons, or -1 if there is
 * anything else. */
static int
count_groups(struct mailin_span text, bool may_end_in_ipv4)
{
	struct mailin_span group;
	int count = 0;
	bool more;

	if (text.len == 0)
		return 0;
	do {
		more = cut(&text, ':', &group);
		if (group.len >= 1 && group.len <= 4 &&
		    is_made_of(group, DIGITS "abcdefABCDEF"))
			count++;
		else if (!more && may_end_in_ipv4 && is_ipv4(group))
			count += 2;
		else
			return -1;
	} while (more);
	return count;
}

static bool
is_ipv6(struct mailin_span text)
{
	struct mailin_span left = text, right = text;
	size_t i;
	int before, after;

	for (i = 0; i + 1 < text.len; i++)
		if (text.ptr[i] == ':' && text.ptr[i + 1] == ':')
			break;
	if (i + 1 >= text.len)
		return count_groups(text, true) == 8;
	left.len = i;
	right.ptr += i + 2;
	right.len -= i + 2;
	before = count_groups(left, false);
	after = count_groups(right, true);
	/* "::" represents at least two 16-bit groups of zeros. */
	return before >= 0 && after >= 0 && before + after <= 6;
}

static bool
is_dcontent(struct mailin_span text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] < 33 || text.ptr[i] > 126 ||
		    is_one_of(text.ptr[i], "[\\]"))
			return false;
	return text.len > 0;
}

enum mailin_domain_kind
oracle_literal(struct mailin_span text)
{
	struct mailin_span tag, rest = text;

	if (is_ipv4(text))
		return MAILIN_DOMAIN_IPV4;
	if (!cut(&rest, ':', &tag))
		return MAILIN_DOMAIN_NONE;
	if (mailin_span_iequal(tag, "IPv6"))
		return is_ipv6(rest) ? MAILIN_DOMAIN_IPV6 : MAILIN_DOMAIN_NONE;
	if (tag.len > 0 && is_made_of(tag, DIGITS LETTERS "-") &&
	    tag.ptr[tag.len - 1] != '-' && is_dcontent(rest))
		return MAILIN_DOMAIN_GENERAL;
	return MAILIN_DOMAIN_NONE;
}

/* Returns the length of the character at i if it is in the set or not ASCII,
 * otherwise 0. */
static size_t
character(struct mailin_span text, size_t i, const char *set)
{
	size_t used = oracle_utf8_sequence(text.ptr + i, text.len - i);

	return used != 1 || is_one_of(text.ptr[i], set) ? used : 0;
}

bool
oracle_dot_string(struct mailin_span text)
{
	size_t i = 0, used;
	bool after_dot = true;

	for (; i < text.len; i += used) {
		used = character(text, i,
		    DIGITS LETTERS "!#$%&'*+-/=?^_`{|}~.");
		if (used == 0 || (text.ptr[i] == '.' && after_dot))
			return false;
		after_dot = text.ptr[i] == '.';
	}
	return !after_dot;
}

/* Returns the length of the quoted string that text begins with, or 0. */
static size_t
quoted_string(struct mailin_span text)
{
	size_t i = 1, used;

	while (i < text.len && text.ptr[i] != '"') {
		bool pair = text.ptr[i] == '\\';

		if (pair && ++i == text.len)
			return 0;
		used = oracle_utf8_sequence(text.ptr + i, text.len - i);
		if (used == 0 || (used > 1 && pair) ||
		    (used == 1 && (text.ptr[i] < 32 || text.ptr[i] > 126)))
			return 0;
		i += used;
	}
	return i < text.len ? i + 1 : 0;
}

static bool
is_domain(struct mailin_span text)
{
	struct mailin_span label;
	size_t i, used;
	bool more;

	do {
		more = cut(&text, '.', &label);
		if (label.len == 0 || label.ptr[0] == '-' ||
		    label.ptr[label.len - 1] == '-')
			return false;
		for (i = 0; i < label.len; i += used)
			if ((used = character(label, i, DIGITS LETTERS "-")) ==
			    0)
				return false;
	} while (more);
	return true;
}

bool
oracle_mailbox(struct mailin_span text, size_t *local)
{
	struct mailin_span before = text, domain = text;

	if (text.len == 0 || text.len > 254)
		return false;
	*local = text.ptr[0] == '"' ? quoted_string(text) : 0;
	while (
	    text.ptr[0] != '"' && *local < text.len && text.ptr[*local] != '@')
		++*local;
	before.len = *local;
	if (*local == 0 || *local > 64 || *local + 2 > text.len ||
	    text.ptr[*local] != '@' ||
	    (text.ptr[0] != '"' && !oracle_dot_string(before)))
		return false;
	domain.ptr += *local + 1;
	domain.len -= *local + 1;
	if (domain.ptr[0] != '[')
		return is_domain(domain);
	if (domain.len < 3 || domain.ptr[domain.len - 1] != ']')
		return false;
	domain.ptr++;
	domain.len -= 2;
	return is_dcontent(domain) &&
	    oracle_literal(domain) != MAILIN_DOMAIN_NONE;
}
