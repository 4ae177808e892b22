/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how often a client address may do something within a window of time. */
#include <stdio.h>
#include <stdlib.h>

#include "client/rates.h"
#include "support/suite.h"

#define WINDOW 60

static struct rates *rates;

/* Make a table with random keys. */
static void
begin_random(uint32_t most)
{
	const uint32_t limits[RATE_COUNT] = { most, most, UINT32_MAX, most };

	rates = calloc(1, sizeof *rates);
	ck_assert_ptr_nonnull(rates);
	mailin_rates_init(rates);
	mailin_rates_set(rates, WINDOW, limits);
}

/* Make a table that has the same keys each time the test runs.  With random
 * keys, the table would sometimes count two networks of a test together. */
static void
begin(uint32_t most)
{
	begin_random(most);
	rates->keys[0] = 1;
	rates->keys[1] = 2;
}

static void
end(void)
{
	mailin_rates_end(rates);
	free(rates);
}

static struct address_key
key_of(const char *host)
{
	struct netaddr client;

	ck_assert(mailin_netaddr_read_host(&client, mailin_span_of(host)));
	return mailin_address_key(&client);
}

static bool
take(const char *host, enum rate rate, int64_t now)
{
	struct address_key key = key_of(host);

	return mailin_rates_take(rates, &key, rate, now);
}

START_TEST(counts_up_to_the_limit_in_a_window)
{
	struct address_key key = key_of("192.0.2.1");

	begin(2);
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 100));
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 130));
	ck_assert(!take("192.0.2.1", RATE_MESSAGES, 159));
	/* Other addresses, and other things that an address does, are counted
	 * separately. */
	ck_assert(take("192.0.2.2", RATE_MESSAGES, 159));
	ck_assert(take("192.0.2.1", RATE_AUTH_FAILURES, 159));
	mailin_rates_give(rates, &key, RATE_MESSAGES, 159);
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 159));
	ck_assert(!take("192.0.2.1", RATE_MESSAGES, 159));
	/* The next window begins. */
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 160));
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 219));
	ck_assert(!take("192.0.2.1", RATE_MESSAGES, 219));
	/* Undo a count of an earlier window.  This must not change the count of
	 * the current window. */
	mailin_rates_give(rates, &key, RATE_MESSAGES, 300);
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 300));
	ck_assert(take("192.0.2.1", RATE_MESSAGES, 300));
	ck_assert(!take("192.0.2.1", RATE_MESSAGES, 300));
	end();
}
END_TEST

START_TEST(no_limit_is_never_reached)
{
	int i;

	begin(1);
	for (i = 0; i < 100000; i++)
		ck_assert(take("192.0.2.1", RATE_REFUSED_RCPTS, 1));
	end();
}
END_TEST

START_TEST(neighbours_in_an_ipv6_network_of_64_bits_are_one_address)
{
	begin(1);
	ck_assert(take("2001:db8::1", RATE_CONNECTIONS, 1));
	ck_assert(!take("2001:db8::ffff:ffff:ffff:ffff", RATE_CONNECTIONS, 1));
	ck_assert(take("2001:db8:0:1::1", RATE_CONNECTIONS, 1));
	ck_assert(take("192.0.2.1", RATE_CONNECTIONS, 1));
	ck_assert(!take("::ffff:192.0.2.1", RATE_CONNECTIONS, 1));
	end();
}
END_TEST

/* Connect once from each of 100000 /64 networks, which are all in the same /32
 * network.  Returns how many of these connections were allowed. */
static unsigned
flood(int64_t now)
{
	char host[64];
	unsigned i, allowed = 0;

	for (i = 0; i < 100000; i++) {
		snprintf(host, sizeof host, "2001:db8:%x:%x::1", i >> 16,
		    i & 0xffff);
		allowed += take(host, RATE_CONNECTIONS, now);
	}
	return allowed;
}

START_TEST(a_full_table_keeps_its_counts_and_locks_nobody_out)
{
	char host[64];
	unsigned i, allowed;

	begin(3);
	for (i = 0; i < 3; i++)
		ck_assert(take("198.51.100.1", RATE_CONNECTIONS, 100));
	ck_assert(!take("198.51.100.1", RATE_CONNECTIONS, 100));
	allowed = flood(101);
	/* Each free entry of the table admits one connection.  Once the table
	 * is full, the limit of the larger network applies (RATE_CROWD). */
	ck_assert_uint_eq(allowed,
	    RATE_ROWS * RATE_COLUMNS - 1 + 3 * RATE_CROWD);
	/* The count of the first address is still in the table. */
	ck_assert(!take("198.51.100.1", RATE_CONNECTIONS, 102));
	/* Clients from other networks are served, and are still limited. */
	for (i = 0; i < 20; i++) {
		snprintf(host, sizeof host, "2a%02x:1::1", i);
		ck_assert(take(host, RATE_CONNECTIONS, 102));
	}
	for (i = 0; i < 3 * RATE_CROWD; i++)
		ck_assert(take("203.0.113.9", RATE_CONNECTIONS, 102));
	ck_assert(!take("203.0.113.9", RATE_CONNECTIONS, 102));
	ck_assert(!take("203.0.113.10", RATE_CONNECTIONS, 102));
	/* When the windows are over, all counts are forgotten. */
	ck_assert(take("198.51.100.1", RATE_CONNECTIONS, 161));
	ck_assert(take("203.0.113.9", RATE_CONNECTIONS, 162));
	end();
}
END_TEST

/* Each table has its own random keys.  If a client knew them, it could choose
 * addresses that share a row. */
START_TEST(two_tables_have_other_keys)
{
	struct rates *first;

	begin_random(1);
	first = rates;
	begin_random(1);
	ck_assert(first->keys[0] != rates->keys[0] ||
	    first->keys[1] != rates->keys[1]);
	end();
	rates = first;
	end();
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		counts_up_to_the_limit_in_a_window,
		no_limit_is_never_reached,
		neighbours_in_an_ipv6_network_of_64_bits_are_one_address,
		a_full_table_keeps_its_counts_and_locks_nobody_out,
		two_tables_have_other_keys,
	};

	return suite_run("rates", tests, ROWS(tests));
}
