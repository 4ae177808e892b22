/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Address literals exactly as RFC 5321 4.1.3 defines them:
 * grammar/literal.rl. */
#include <stdio.h>
#include <string.h>

#include "command/literal.h"
#include "support/oracle.h"
#include "support/suite.h"

static void
compare(struct mailin_span text)
{
	size_t at = 0;
	enum mailin_domain_kind kind = mailin_literal_parse(text, &at);

	if (kind != oracle_literal(text))
		ck_abort_msg("%s is of kind %d", suite_quote(text), (int)kind);
	if (kind == MAILIN_DOMAIN_NONE ? at > text.len : at != text.len)
		ck_abort_msg("%s: error at %zu", suite_quote(text), at);
}

/* Try all strings of up to "most" characters of the alphabet, after a
 * prefix. */
static void
compare_all(const char *prefix, const char *alphabet, size_t most)
{
	size_t prefix_len = strlen(prefix), n = strlen(alphabet), len, i;
	char text[32];

	memcpy(text, prefix, prefix_len);
	for (len = 0; len <= most; len++) {
		size_t count = 1, turn;

		for (i = 0; i < len; i++)
			count *= n;
		for (turn = 0; turn < count; turn++) {
			size_t digits = turn;

			for (i = 0; i < len; i++, digits /= n)
				text[prefix_len + i] = alphabet[digits % n];
			compare(suite_edge(
			    (struct mailin_span){ text, prefix_len + len }));
		}
	}
}

START_TEST(literal_agrees_with_an_oracle_on_short_texts)
{
	size_t less = suite_quick() ? 3 : 0;

	compare_all("", "12a-:.[", 7 - less);
	compare_all("IPv6:", "1fg:.", 8 - less);
	compare_all("IPv6:1:2:3:4:", "1:.", 8 - less);
	compare_all("IPv6:1:2:3::", "1:.", 8 - less);
}
END_TEST

/* Try every number of up to four digits, in each of the four positions. */
START_TEST(literal_takes_numbers_from_0_to_255_with_leading_zeros)
{
	static const char widths[][8] = { "%u", "%02u", "%03u", "%04u" };
	unsigned value, place, width;

	for (value = 0; value < 2000; value++)
		for (width = 0; width < 4; width++)
			for (place = 0; place < 4; place++) {
				char text[40], number[8];

				snprintf(number, sizeof number, widths[width],
				    value);
				snprintf(text, sizeof text, "%s.%s.%s.%s",
				    place == 0 ? number : "1",
				    place == 1 ? number : "02",
				    place == 2 ? number : "003",
				    place == 3 ? number : "255");
				compare(mailin_span_of(text));
			}
}
END_TEST

static size_t
put_groups(char *out, int count, const char *group)
{
	size_t len = 0;

	while (count-- > 0)
		len += (size_t)sprintf(out + len, "%s%s", group,
		    count > 0 ? ":" : "");
	return len;
}

/* Check an address that has "left" groups, "::" if "gap" is true, then "right"
 * groups, and an IPv4 address at its end if "ipv4" is true.  The expected
 * result is computed from RFC 5321 4.1.3. */
static void
check_groups(int left, bool gap, int right, bool ipv4, const char *group)
{
	int used = left + right + (ipv4 ? 2 : 0), most = gap ? 6 : 8;
	bool joined = !gap && left > 0 && right > 0;
	char text[160] = "IPv6:";
	size_t len = 5, at;
	enum mailin_domain_kind kind;

	len += put_groups(text + len, left, group);
	len += (size_t)sprintf(text + len, "%s",
	    gap        ? "::" :
		joined ? ":" :
			 "");
	len += put_groups(text + len, right, group);
	if (ipv4)
		len += (size_t)sprintf(text + len, "%s192.0.2.1",
		    right > 0 || (left > 0 && !gap) ? ":" : "");
	kind = mailin_literal_parse((struct mailin_span){ text, len }, &at);
	if ((kind == MAILIN_DOMAIN_IPV6) !=
		(strlen(group) <= 4 && (gap ? used <= most : used == most)) &&
	    left + right > 0)
		ck_abort_msg("%s is of kind %d", text, (int)kind);
	compare((struct mailin_span){ text, len });
}

START_TEST(literal_counts_the_groups_of_ipv6)
{
	static const char groups[][8] = { "0", "1f", "00A", "abcD", "00000" };
	size_t i;
	int left, right, bits;

	for (i = 0; i < ROWS(groups); i++)
		for (left = 0; left <= 9; left++)
			for (right = 0; right <= 9; right++)
				for (bits = 0; bits < 4; bits++)
					check_groups(left, bits & 1, right,
					    bits & 2, groups[i]);
}
END_TEST

struct accepted {
	const char *text;
	enum mailin_domain_kind kind;
};

static const struct accepted accepted[] = {
	{ "192.0.2.1", MAILIN_DOMAIN_IPV4 },
	{ "0.0.0.0", MAILIN_DOMAIN_IPV4 },
	{ "255.255.255.255", MAILIN_DOMAIN_IPV4 },
	{ "001.02.3.000", MAILIN_DOMAIN_IPV4 },
	{ "IPv6:::", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:::1", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:2001:db8::1", MAILIN_DOMAIN_IPV6 },
	{ "ipV6:2001:DB8::1", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:1:2:3:4:5:6:7:8", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:1:2:3:4:5:6::", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:::3:4:5:6:7:8", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:1:2:3:4:5:6:192.0.2.1", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:::192.0.2.1", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:::ffff:192.0.2.1", MAILIN_DOMAIN_IPV6 },
	{ "IPv6:1:2:3:4::192.0.2.1", MAILIN_DOMAIN_IPV6 },
	{ "x:y", MAILIN_DOMAIN_GENERAL },
	{ "X400:c=gb;a=x;", MAILIN_DOMAIN_GENERAL },
	{ "1-2--3:!~", MAILIN_DOMAIN_GENERAL },
	{ "IPv4:192.0.2.1", MAILIN_DOMAIN_GENERAL },
	{ "IPv66:x", MAILIN_DOMAIN_GENERAL },
	{ "IPv:x", MAILIN_DOMAIN_GENERAL },
	{ "-IPv6:x", MAILIN_DOMAIN_GENERAL },
	{ "x::", MAILIN_DOMAIN_GENERAL },
};

struct refused {
	const char *text;
	const char *caret;
};

/* clang-format off */
static const struct refused refused[] = {
	{ "",
	  "^" },
	{ "192.0.2",
	  "       ^" },
	{ "192.0.2.",
	  "        ^" },
	{ "192.0.2.1.",
	  "         ^" },
	{ "192.0.2.256",
	  "          ^" },
	{ "192.0.2.300",
	  "          ^" },
	{ "192.0.2.0001",
	  "           ^" },
	{ "192..2.1",
	  "    ^" },
	{ ".0.2.1",
	  "^" },
	{ " 192.0.2.1",
	  "^" },
	{ "192.0.2.1 ",
	  "         ^" },
	{ "IPv6:",
	  "     ^" },
	{ "IPv6:1",
	  "      ^" },
	{ "IPv6:12345::",
	  "         ^" },
	{ "IPv6:1::2::3",
	  "          ^" },
	{ "IPv6::::",
	  "       ^" },
	{ "IPv6::1",
	  "      ^" },
	{ "IPv6:1:2:3:4:5:6:7",
	  "                  ^" },
	{ "IPv6:1:2:3:4:5:6:7::",
	  "                   ^" },
	{ "IPv6:1:2:3:4:5:6::7",
	  "                  ^" },
	{ "IPv6:1:2:3:4:5:6:7:8:9",
	  "                    ^" },
	{ "IPv6:::1:2:3:4:5:6:7",
	  "                  ^" },
	{ "IPv6:1:2:3:4:5:192.0.2.1",
	  "                  ^" },
	{ "IPv6:1:2:3:4:5::192.0.2.1",
	  "                   ^" },
	{ "IPv6:192.0.2.1",
	  "        ^" },
	{ "IPv6:::192.0.2.1:1",
	  "                ^" },
	{ "IPv6:::g",
	  "       ^" },
	{ "IPv6:fe80::1%eth0",
	  "            ^" },
	{ "IPv6:::1/64",
	  "        ^" },
	{ "x",
	  " ^" },
	{ "x:",
	  "  ^" },
	{ "x-:y",
	  "  ^" },
	{ ":y",
	  "^" },
	{ "x_:y",
	  " ^" },
	{ "x:y z",
	  "   ^" },
	{ "x:[",
	  "  ^" },
	{ "x:\\",
	  "  ^" },
	{ "x:y]",
	  "   ^" },
	{ "x:\x7f",
	  "  ^" },
	{ "x:\xc3\xa9",
	  "  ^" },
};
/* clang-format on */

/* In a prefix of a valid literal, no octet may be reported as wrong. */
static void
check_prefixes(struct mailin_span text)
{
	size_t at;

	while (text.len-- > 0) {
		struct mailin_span part = suite_edge(text);

		mailin_literal_parse(part, &at);
		ck_assert_msg(at == part.len, "%s: error at %zu",
		    suite_quote(part), at);
	}
}

START_TEST(literal_accepts_what_rfc_5321_has)
{
	size_t i, at;

	for (i = 0; i < ROWS(accepted); i++) {
		struct mailin_span text = mailin_span_of(accepted[i].text);

		ck_assert_msg(mailin_literal_parse(suite_edge(text), &at) ==
			accepted[i].kind,
		    "%s", accepted[i].text);
		compare(text);
		check_prefixes(text);
	}
}
END_TEST

START_TEST(literal_refuses_all_else_at_the_first_wrong_octet)
{
	size_t i, at;

	for (i = 0; i < ROWS(refused); i++) {
		struct mailin_span text = mailin_span_of(refused[i].text);

		ck_assert_msg(mailin_literal_parse(suite_edge(text), &at) ==
			    MAILIN_DOMAIN_NONE &&
			at == strlen(refused[i].caret) - 1,
		    "%s: error at %zu", refused[i].text, at);
		compare(text);
		text.len = at;
		check_prefixes(text);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		literal_agrees_with_an_oracle_on_short_texts,
		literal_takes_numbers_from_0_to_255_with_leading_zeros,
		literal_counts_the_groups_of_ipv6,
		literal_accepts_what_rfc_5321_has,
		literal_refuses_all_else_at_the_first_wrong_octet,
	};

	return suite_run("literal", tests, ROWS(tests));
}
