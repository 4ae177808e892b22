/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* IP addresses, read and written: src/ip_address.c, grammar/ip_address.rl. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "ip_address.h"
#include "suite.h"

/* ---- Written ------------------------------------------------------------- */

struct row {
	const char *octets;  /* as inet_pton takes them */
	const char *text;
};

/* RFC 5952 4 and 5 */
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
};

START_TEST(inet6_is_written_as_rfc_5952_has_it)
{
	unsigned char octets[16];
	char text[IP_ADDRESS_ROOM];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		ck_assert_int_eq(inet_pton(AF_INET6, rows[i].octets, octets),
		    1);
		mailin_inet6_write(text, octets);
		ck_assert_str_eq(text, rows[i].text);
	}
}
END_TEST

/* The C library writes the same, but for ::/96, where it assumes IPv4. */
static void
compare_written(const unsigned char *octets)
{
	char expected[INET6_ADDRSTRLEN], text[IP_ADDRESS_ROOM];
	unsigned char again[16];

	memset(text, 'x', sizeof text);
	mailin_inet6_write(text, octets);
	if (inet_ntop(AF_INET6, octets, expected, sizeof expected) == NULL)
		ck_abort_msg("inet_ntop");
	if (strcmp(text, expected) != 0 && (strchr(expected, '.') == NULL ||
	    strncmp(expected, "::ffff:", 7) == 0))
		ck_abort_msg("%s for %s", text, expected);
	if (!mailin_inet6_read(mailin_span_of(text), again) ||
	    memcmp(octets, again, sizeof again) != 0)
		ck_abort_msg("%s is read as another", text);
}

START_TEST(inet6_is_written_as_by_the_c_library)
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

/* ---- Read: src/ip_address.c, and a line of the PROXY protocol ------------ */

/* Whether the octets are an IPv4 address in IPv6 form (RFC 4291 2.5.5.2). */
static bool
is_mapped(const unsigned char *octets)
{
	static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(octets, prefix, sizeof prefix) == 0;
}

static bool
is_read(int family, const char *text, struct mailin_proxy *proxy)
{
	char line[160];
	size_t used;
	int len = snprintf(line, sizeof line, "PROXY TCP%c %s %s 1 2\r\n",
	    family == AF_INET ? '4' : '6', text,
	    family == AF_INET ? "192.0.2.1" : "::1");

	return mailin_proxy_parse(proxy, line, (size_t)len, &used) ==
	    MAILIN_PROXY_OK;
}

/* The text as it is told to programs, V55: the same address, and IPv4 is told
 * as IPv4.  The C library is asked what it is. */
static void
compare_plain(const char *text)
{
	int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	char plain[IP_ADDRESS_ROOM] = "";
	unsigned char octets[16] = { 0 }, again[16];
	bool valid = inet_pton(family, text, octets) == 1;
	bool inet = family == AF_INET || is_mapped(octets);

	if (mailin_ip_plain(mailin_span_of(text), plain) != valid)
		ck_abort_msg("%s is %san address", text, valid ? "" : "not ");
	if (valid && (inet_pton(inet ? AF_INET : AF_INET6, plain, again) != 1 ||
	    memcmp(octets + (family == AF_INET6 && inet ? 12 : 0), again,
	    inet ? 4 : 16) != 0))
		ck_abort_msg("%s is told as %s", text, plain);
}

/* In a decimal number. */
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

/* The C library takes the same texts, and for the same address. */
static void
compare_read(int family, const char *text)
{
	unsigned char expected[16], octets[16];
	struct mailin_proxy proxy;
	bool valid = inet_pton(family, text, expected) == 1;

	if (is_read(family, text, &proxy) != valid)
		ck_abort_msg("%s is %svalid", text, valid ? "" : "not ");
	if (valid && (inet_pton(family, proxy.source, octets) != 1 ||
	    memcmp(octets, expected, family == AF_INET ? 4 : 16) != 0))
		ck_abort_msg("%s is read as %s", text, proxy.source);
	/* Of a zero in front the C library thinks otherwise. */
	if (!has_zero_in_front(text))
		compare_plain(text);
}

/* All texts over the alphabet of up to most characters, behind a prefix. */
static void
compare_all(int family, const char *prefix, const char *alphabet,
    size_t most)
{
	size_t n = strlen(alphabet), len, i, count = 1, turn, rest;
	char text[64];

	strcpy(text, prefix);
	for (len = 0; len <= most; len++, count *= n)
		for (turn = 0; turn < count; turn++) {
			for (i = 0, rest = turn; i < len; i++, rest /= n)
				text[strlen(prefix) + i] = alphabet[rest % n];
			text[strlen(prefix) + len] = '\0';
			compare_read(family, text);
		}
}

START_TEST(address_is_read_as_by_the_c_library)
{
	size_t less = suite_quick() ? 4 : 0;
	char text[24];
	unsigned i;

	compare_all(AF_INET6, "", "1:.a", 8 - less);
	compare_all(AF_INET6, "1:2:3:4:", "1:.", 9 - less);
	compare_all(AF_INET6, "1:2:3:4:5:6:7", "1:", 8 - less);
	compare_all(AF_INET6, "::fFf0:", "02.:", 7 - less);
	compare_all(AF_INET6, "1:2:3:4:5:6:1.1.", "02.:", 6 - less);
	compare_all(AF_INET, "", "12.", 9 - less);
	compare_all(AF_INET, "1.2.", "0256.", 6 - less);
	for (i = 0; i < 1100; i++) {
		sprintf(text, "0.%u.10.255", i);
		compare_read(AF_INET, text);
		sprintf(text, "::%u.1.2.3", i);
		compare_read(AF_INET6, text);
	}
}
END_TEST

/* left groups, "::" or not, right groups, an IPv4 address or not. */
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
				compare_read(AF_INET6, text);
			}
}
END_TEST

/* V55: the forms of one address, as any source may tell it. */
START_TEST(an_address_is_told_in_one_form)
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
	static const char *const others[] = {
		"", "1", "192.0.2", "192.0.2.", ".192.0.2.1", "192.0.2.1.1",
		"192.0.2.256", "192.0.2.0001", "192.0.2.1 ", " 192.0.2.1",
		"192.0.2.a", ":", ":::", ":1", "1:", "::1:", ":1::", "1::2::3",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8",
		"1:2:3:4::5:6:7:8", "12345::", "::g", "::ffff:192.0.2",
		"::ffff:192.0.2.1:", "::192.0.2.1:1", "1:2:3:4:5:6:7:192.0.2.1",
		"::ffff:192.0.2.1%1", "fe80::1%eth0", "IPv6:::1", "[::1]",
		"example.org", "/run/socket",
	};
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
		inet6_is_written_as_by_the_c_library,
		address_is_read_as_by_the_c_library,
		inet6_has_eight_groups_or_a_gap,
		an_address_is_told_in_one_form,
	};

	return suite_run("ip_address", tests, ROWS(tests));
}
