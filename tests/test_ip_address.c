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
	mailin_inet6_read(mailin_span_of(text), again);
	if (memcmp(octets, again, sizeof again) != 0)
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

/* ---- Read, in a line of the PROXY protocol ------------------------------- */

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

int
main(void)
{
	const TTest *tests[] = {
		inet6_is_written_as_rfc_5952_has_it,
		inet6_is_written_as_by_the_c_library,
		address_is_read_as_by_the_c_library,
		inet6_has_eight_groups_or_a_gap,
	};

	return suite_run("ip_address", tests, ROWS(tests));
}
