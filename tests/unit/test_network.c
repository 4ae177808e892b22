/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests reading networks from text, and finding the addresses inside them. */
#include <string.h>

#include <mailin/event.h>

#include "io/network.h"
#include "support/suite.h"

START_TEST(accepts_networks)
{
	static const struct {
		const char *text;
		const char *in, *out; /* an address inside, and one outside */
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", "192.0.2.2" },
		{ "192.0.2.0/24", "192.0.2.255", "192.0.3.0" },
		{ "192.0.2.128/25", "192.0.2.128", "192.0.2.127" },
		{ "0.0.0.0/0", "255.255.255.255", "::1" },
		{ "::/0", "2001:db8::1", "192.0.2.1" },
		{ "2001:db8::/32", "2001:db8:ffff::1", "2001:db9::" },
		{ "::ffff:192.0.2.0/120", "192.0.2.7", "192.0.3.0" },
		{ "192.0.2.0/24", "::ffff:192.0.2.7", "::ffff:192.0.3.7" },
		{ "::1/128", "::1", "::2" },
	};
	struct mailin_network network;
	struct netaddr in, out;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		ck_assert(
		    mailin_netaddr_read_host(&in, mailin_span_of(rows[i].in)));
		ck_assert(mailin_netaddr_read_host(&out,
		    mailin_span_of(rows[i].out)));
		ck_assert_msg(mailin_network_parse(&network, rows[i].text) &&
			mailin_networks_have(&network, 1, &in) &&
			!mailin_networks_have(&network, 1, &out) &&
			!mailin_networks_have(&network, 0, &in),
		    "%s", rows[i].text);
	}
}
END_TEST

START_TEST(refuses_what_is_no_network)
{
	static const char *const rows[] = { "", "/", "/24", "192.0.2", "x",
		"192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1",
		"192.0.2.0/+8", "192.0.2.0/ 8", "192.0.2.0/8x",
		"2001:db8::/129", "2001:db8::1/32", "192.0.2.0/4294967320",
		"192.0.2.0/18446744073709551640", "[::1]", "localhost",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc" };
	struct mailin_network network = { .bits = 7 };
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		ck_assert_msg(!mailin_network_parse(&network, rows[i]), "%s",
		    rows[i]);
	ck_assert(!mailin_network_parse(&network, NULL));
	ck_assert(network.family == 0 && network.bits == 7);
	ck_assert(!mailin_address_is_valid(NULL));
}
END_TEST

/* A program may fill in the struct itself, with too many bits.  No octet
 * outside the struct may then be read. */
START_TEST(a_network_that_has_too_many_bits_has_no_address)
{
	struct mailin_network network;
	struct netaddr address;

	ck_assert(mailin_network_parse(&network, "192.0.2.1"));
	ck_assert(mailin_netaddr_read_host(&address, SPAN("192.0.2.1")));
	ck_assert(mailin_networks_have(&network, 1, &address));
	network.bits = 33;
	ck_assert(!mailin_networks_have(&network, 1, &address));
	network.bits = 1000000;
	ck_assert(!mailin_networks_have(&network, 1, &address));
	memset(&network, 0, sizeof network);
	ck_assert(!mailin_networks_have(&network, 1, &address));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		accepts_networks,
		refuses_what_is_no_network,
		a_network_that_has_too_many_bits_has_no_address,
	};

	return suite_run("network", tests, ROWS(tests));
}
