/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Reading and writing IP addresses: src/octet/ip_address.c,
 * grammar/ip_address.rl. */
#include <stdio.h>
#include <string.h>

#include "octet/ip_address.h"
#include "support/ip_text.h"
#include "support/suite.h"

/* ---- Writing ------------------------------------------------------------- */

struct row {
	const char *octets; /* the address, in any text form */
	const char *text;
};

/* Addresses in the text form of RFC 5952 4 and 5. */
static const struct row rows[] = {
	{ "0:0:0:0:0:0:0:0", "::" },
	{ "0:0:0:0:0:0:0:1", "::1" },
	{ "1:0:0:0:0:0:0:0", "1::" },
	{ "2001:0DB8:0:0:0:0:0002:0001", "2001:db8::2:1" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7" },
	{ "0:0:2:3:4:5:6:7", "::2:3:4:5:6:7" },
	{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
	{ "0:0:3:4:5:0:0:0", "0:0:3:4:5::" },
	{ "AbcD:ef01:1000:200:30:4:0:ffff", "abcd:ef01:1000:200:30:4:0:ffff" },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	{ "::192.0.2.1", "::c000:201" },
	{ "::fffe:192.0.2.1", "::fffe:c000:201" },
	{ "64:ff9b::192.0.2.1", "64:ff9b::c000:201" },
	{ "100::ffff:192.0.2.1", "100::ffff:c000:201" },
	{ "0:0:0:0:1:ffff:192.0.2.1", "::1:ffff:c000:201" },
	{ "0:0:0:0:100:ffff:192.0.2.1", "::100:ffff:c000:201" },
};

START_TEST(inet6_is_written_as_rfc_5952_has_it)
{
	char text[IP_ADDRESS_ROOM], plain[IP_TEXT_ROOM];
	unsigned char octets[16];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		ck_assert(ip_text_read6(rows[i].octets, octets));
		mailin_inet6_write(text, octets);
		ck_assert_str_eq(text, rows[i].text);
		ck_assert_str_eq(ip_text_write6(plain, octets), rows[i].text);
	}
}
END_TEST

/* Compare the library with ip_text.h, a simple implementation for the tests.
 * Both must write the same text, and the library must read this text as the
 * same address. */
static void
compare_written(const unsigned char *octets)
{
	char expected[IP_TEXT_ROOM], text[IP_ADDRESS_ROOM];
	unsigned char again[16];

	memset(text, 'x', sizeof text);
	mailin_inet6_write(text, octets);
	if (strcmp(text, ip_text_write6(expected, octets)) != 0)
		ck_abort_msg("%s for %s", text, expected);
	if (!mailin_inet6_read(mailin_span_of(text), again) ||
	    memcmp(octets, again, sizeof again) != 0)
		ck_abort_msg("%s is read as another address", text);
}

START_TEST(inet6_is_written_as_by_the_plain_writer)
{
	static const unsigned groups[4] = { 0, 1, 0x20, 0xffff };
	unsigned number, rest, i;
	unsigned char octets[16];

	for (number = 0; number < 1u << 16; number++) {
		for (i = 0, rest = number; i < 8; i++, rest /= 4) {
			octets[2 * i] = (unsigned char)(groups[rest % 4] >> 8);
			octets[2 * i + 1] = (unsigned char)groups[rest % 4];
		}
		compare_written(octets);
	}
	for (number = 0; number < 20000; number++) {
		for (i = 0; i < sizeof octets; i++)
			octets[i] = (unsigned char)suite_random(256);
		compare_written(octets);
	}
}
END_TEST

/* ---- Reading an address, alone and in a line of the PROXY protocol ---- */

/* Returns true if the octets are an IPv4 address in IPv6 form (RFC 4291
 * 2.5.5.2). */
static bool
is_mapped(const unsigned char *octets)
{
	static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(octets, prefix, sizeof prefix) == 0;
}

/* The buffer is larger than a line needs, because with LTO gcc 12 inlines the
 * parser here, and warns if a binary header with UNIX paths does not fit. */
static bool
is_read(int version, const char *text, struct mailin_proxy *proxy)
{
	char line[256];
	size_t used;
	int len = snprintf(line, sizeof line, "PROXY TCP%c %s %s 1 2\r\n",
	    version == 4 ? '4' : '6', text, version == 4 ? "192.0.2.1" : "::1");

	return mailin_proxy_parse(proxy, line, (size_t)len, &used) ==
	    MAILIN_PROXY_OK;
}

static bool
is_right(int version, const char *text, unsigned char *octets)
{
	return version == 4 ? ip_text_read4(text, octets) :
			      ip_text_read6(text, octets);
}

/* The program gets every address in one form: an IPv4 address is written as
 * IPv4, even if it was given in IPv6 form (threat V55). */
static void
compare_plain(const char *text)
{
	int version = strchr(text, ':') != NULL ? 6 : 4;
	char plain[IP_ADDRESS_ROOM] = "";
	unsigned char octets[16] = { 0 }, again[16];
	bool valid = is_right(version, text, octets);
	bool inet = version == 4 || is_mapped(octets);

	if (mailin_ip_plain(mailin_span_of(text), plain) != valid)
		ck_abort_msg("%s is %san address", text, valid ? "" : "not ");
	if (valid &&
	    (!is_right(inet ? 4 : 6, plain, again) ||
		memcmp(octets + (version == 6 && inet ? 12 : 0), again,
		    inet ? 4 : 16) != 0))
		ck_abort_msg("%s becomes %s", text, plain);
}

/* Returns true if a number has a leading zero. */
static bool
has_zero_in_front(const char *text)
{
	const char *dot = strchr(text, '.');
	const char *p = text + strlen(text);

	if (dot == NULL)
		return false;
	while (p-- > text)
		if (p[0] == '0' && p[1] >= '0' && p[1] <= '9' &&
		    (p == text || strchr(".:", p[-1]) != NULL))
			return true;
	return false;
}

/* The parser of the PROXY protocol must accept the same texts as ip_text.h, and
 * read the same address. */
static void
compare_read(int version, const char *text)
{
	unsigned char expected[16], octets[16];
	struct mailin_proxy proxy;
	bool valid = is_right(version, text, expected);

	if (is_read(version, text, &proxy) != valid)
		ck_abort_msg("%s is %svalid", text, valid ? "" : "not ");
	if (valid &&
	    (!is_right(version, proxy.source, octets) ||
		memcmp(octets, expected, version == 4 ? 4 : 16) != 0))
		ck_abort_msg("%s is read as %s", text, proxy.source);
	/* mailin_ip_plain accepts numbers with a leading zero, but ip_text.h
	 * does not. */
	if (!has_zero_in_front(text))
		compare_plain(text);
}

/* Try all texts of up to "most" characters of the alphabet, after a prefix. */
static void
compare_all(int version, const char *prefix, const char *alphabet, size_t most)
{
	size_t n = strlen(alphabet), len, i, count = 1, turn, rest;
	char text[64];

	strcpy(text, prefix);
	for (len = 0; len <= most; len++, count *= n)
		for (turn = 0; turn < count; turn++) {
			for (i = 0, rest = turn; i < len; i++, rest /= n)
				text[strlen(prefix) + i] = alphabet[rest % n];
			text[strlen(prefix) + len] = '\0';
			compare_read(version, text);
		}
}

START_TEST(address_is_read_as_by_the_plain_reader)
{
	size_t less = suite_quick() ? 4 : 0;
	char text[24];
	unsigned i;

	compare_all(6, "", "1:.a", 8 - less);
	compare_all(6, "1:2:3:4:", "1:.", 9 - less);
	compare_all(6, "1:2:3:4:5:6:7", "1:", 8 - less);
	compare_all(6, "::fFf0:", "02.:", 7 - less);
	compare_all(6, "1:2:3:4:5:6:1.1.", "02.:", 6 - less);
	compare_all(4, "", "12.", 9 - less);
	compare_all(4, "1.2.", "0256.", 6 - less);
	for (i = 0; i < 1100; i++) {
		sprintf(text, "0.%u.10.255", i);
		compare_read(4, text);
		sprintf(text, "::%u.1.2.3", i);
		compare_read(6, text);
	}
}
END_TEST

/* Try each number of groups before "::" and after it, with and without "::",
 * and with and without an IPv4 address at the end. */
START_TEST(inet6_has_eight_groups_or_a_gap)
{
	int left, right, bits, i;
	char text[128];

	for (left = 0; left <= 9; left++)
		for (right = 0; right <= 9; right++)
			for (bits = 0; bits < 4; bits++) {
				char *p = text;

				for (i = 0; i < left; i++)
					p += sprintf(p, i > 0 ? ":%x" : "%x",
					    0xab0 + (unsigned)i);
				p += sprintf(p, bits & 1 ? "::" : ":");
				for (i = 0; i < right; i++)
					p += sprintf(p, i > 0 ? ":%x" : "%x",
					    0xcd0 + (unsigned)i);
				if (bits & 2)
					sprintf(p, "%s9.8.7.6",
					    right > 0 ? ":" : "");
				compare_read(6, text);
			}
}
END_TEST

/* The program gets the same form of an address from every source
 * (threat V55). */
START_TEST(an_address_has_one_form)
{
	static const struct row forms[] = {
		{ "192.0.2.77", "192.0.2.77" },
		{ "192.000.02.077", "192.0.2.77" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::ffff:192.0.2.77", "192.0.2.77" },
		{ "::FFFF:c000:24d", "192.0.2.77" },
		{ "0:0:0:0:0:ffff:192.0.2.77", "192.0.2.77" },
		{ "0000:0000:0000:0000:0000:FfFf:C000:024D", "192.0.2.77" },
		{ "0:0::ffff:192.0.2.77", "192.0.2.77" },
		{ "0:0:0:0::ffff:192.0.2.77", "192.0.2.77" },
		{ "::0:0:ffff:192.0.2.077", "192.0.2.77" },
		{ "::ffff:0:0", "0.0.0.0" },
		{ "0:0:0:0:0:ffff::", "0.0.0.0" },
		{ "0:0:0:0:0:ffff:102::", "1.2.0.0" },
		{ "::ffff:255.255.255.255", "255.255.255.255" },
		{ "2001:DB8:0::1", "2001:db8::1" },
		{ "::192.0.2.77", "::c000:24d" },
		{ "::ffff:0:192.0.2.77", "::ffff:0:c000:24d" },
		{ "::fffe:192.0.2.77", "::fffe:c000:24d" },
		{ "1::ffff:192.0.2.77", "1::ffff:c000:24d" },
		{ "64:ff9b::192.0.2.77", "64:ff9b::c000:24d" },
		{ "::", "::" },
	};
	static const char *const others[] = { "", "1", "192.0.2", "192.0.2.",
		".192.0.2.1", "192.0.2.1.1", "192.0.2.256", "192.0.2.0001",
		"192.0.2.1 ", " 192.0.2.1", "192.0.2.a", ":", ":::", ":1",
		"1:", "::1:", ":1::", "1::2::3", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
		"12345::", "::g", "::ffff:192.0.2",
		"::ffff:192.0.2.1:", "::192.0.2.1:1", "1:2:3:4:5:6:7:192.0.2.1",
		"::ffff:192.0.2.1%1", "fe80::1%eth0", "IPv6:::1", "[::1]",
		"example.org", "/run/socket" };
	char plain[IP_ADDRESS_ROOM];
	size_t i;

	for (i = 0; i < ROWS(forms); i++) {
		if (!mailin_ip_plain(mailin_span_of(forms[i].octets), plain))
			ck_abort_msg("%s is no address", forms[i].octets);
		ck_assert_str_eq(plain, forms[i].text);
	}
	for (i = 0; i < ROWS(others); i++)
		if (mailin_ip_plain(mailin_span_of(others[i]), plain))
			ck_abort_msg("%s is %s", others[i], plain);
	ck_assert(!mailin_ip_plain((struct mailin_span){ NULL, 0 }, plain));
	ck_assert(!mailin_ip_plain((struct mailin_span){ "::\0", 3 }, plain));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		inet6_is_written_as_rfc_5952_has_it,
		inet6_is_written_as_by_the_plain_writer,
		address_is_read_as_by_the_plain_reader,
		inet6_has_eight_groups_or_a_gap,
		an_address_has_one_form,
	};

	return suite_run("ip_address", tests, ROWS(tests));
}
