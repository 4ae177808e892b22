/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the number of connected clients that the server counts for each
 * address. */
#include <stdio.h>
#include <string.h>

#include "client/addresses.h"
#include "support/suite.h"

static struct addresses addresses;

static struct address *
enter(const char *host, unsigned most)
{
	struct netaddr client;
	struct address *address;
	bool full;

	ck_assert(mailin_netaddr_read_host(&client, mailin_span_of(host)));
	address = mailin_addresses_enter(&addresses, &client, most, &full);
	ck_assert(full == (address == NULL));
	return address;
}

static void
leave(struct address *address)
{
	mailin_addresses_leave(&addresses, address);
}

START_TEST(an_ipv6_network_of_64_bits_is_one_address)
{
	static const struct {
		const char *one, *other;
		bool same;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "192.0.2.1", "::ffff:192.0.2.1", true },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.2", false },
		{ "2001:db8::1", "2001:db8::2", true },
		{ "2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true },
		{ "2001:db8::1", "2001:db8:0:1::1", false },
		{ "192.0.2.1", "c000:201::", false },
		{ "0.0.0.0", "::1", false },
	};
	struct address *one, *other;
	size_t i;

	mailin_addresses_init(&addresses);
	for (i = 0; i < ROWS(rows); i++) {
		one = enter(rows[i].one, 1);
		other = enter(rows[i].other, 1);
		ck_assert_msg((other == NULL) == rows[i].same, "%s and %s",
		    rows[i].one, rows[i].other);
		leave(one);
		if (other != NULL)
			leave(other);
	}
	mailin_addresses_end(&addresses);
}
END_TEST

START_TEST(an_address_that_has_left_is_forgotten)
{
	static const struct addresses none;
	struct address *held[1000];
	char host[64];
	unsigned i, round;

	mailin_addresses_init(&addresses);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < ROWS(held); i++) {
			snprintf(host, sizeof host, "10.%u.%u.1", i % 5,
			    i / 10);
			held[i] = enter(host, 2);
			ck_assert_ptr_nonnull(held[i]);
		}
		ck_assert_ptr_null(enter("10.0.0.1", 2));
		for (i = 0; i < ROWS(held); i++)
			leave(held[(i * 7) % ROWS(held)]);
		ck_assert(memcmp(addresses.buckets, none.buckets,
			      sizeof none.buckets) == 0);
	}
	mailin_addresses_end(&addresses);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_ipv6_network_of_64_bits_is_one_address,
		an_address_that_has_left_is_forgotten,
	};

	return suite_run("addresses", tests, ROWS(tests));
}
