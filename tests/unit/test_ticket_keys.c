/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: the keys of TLS session tickets. */
#include <string.h>

#include "io/ticket_keys.h"
#include "support/suite.h"

/* A time that is no multiple of the period. */
#define START (int64_t)(5 * TICKET_PERIOD + 7)

static struct ticket_keys keys;
static struct ticket_key first, key;
static bool renew;

static void
begin(void)
{
	mailin_ticket_keys_init(&keys);
	ck_assert(mailin_ticket_keys_for_new(&keys, START, &first));
}

static bool
finds_first(int64_t after)
{
	memset(&key, 0, sizeof key);
	renew = false;
	if (!mailin_ticket_keys_find(&keys, START + after, first.name, &key,
		&renew))
		return false;
	ck_assert_mem_eq(&key, &first, sizeof key);
	return true;
}

START_TEST(a_key_makes_tickets_for_one_period)
{
	begin();
	ck_assert(
	    mailin_ticket_keys_for_new(&keys, START + TICKET_PERIOD - 1, &key));
	ck_assert_mem_eq(&key, &first, sizeof key);
	ck_assert(
	    mailin_ticket_keys_for_new(&keys, START + TICKET_PERIOD, &key));
	ck_assert_mem_ne(key.name, first.name, sizeof key.name);
	ck_assert_mem_ne(key.cipher, first.cipher, sizeof key.cipher);
	ck_assert_mem_ne(key.mac, first.mac, sizeof key.mac);
	mailin_ticket_keys_end(&keys);
}
END_TEST

START_TEST(a_key_reads_tickets_for_two_periods)
{
	int64_t after;
	int turned;

	/* The result must be the same whether or not a new key is made in the
	 * second period. */
	for (turned = 0; turned <= 1; turned++) {
		begin();
		ck_assert(finds_first(0) && !renew);
		ck_assert(finds_first(TICKET_PERIOD - 1) && !renew);
		for (after = TICKET_PERIOD; after < 2 * TICKET_PERIOD;
		     after += TICKET_PERIOD - 1) {
			if (turned)
				ck_assert(mailin_ticket_keys_for_new(&keys,
				    START + after, &key));
			ck_assert(finds_first(after) && renew);
		}
		ck_assert(!finds_first(2 * TICKET_PERIOD));
		mailin_ticket_keys_end(&keys);
	}
}
END_TEST

START_TEST(an_unknown_name_finds_no_key)
{
	static const unsigned char none[16];

	mailin_ticket_keys_init(&keys);
	ck_assert(!mailin_ticket_keys_find(&keys, START, none, &key, &renew));
	mailin_ticket_keys_end(&keys);
	begin();
	ck_assert(!mailin_ticket_keys_find(&keys, START, none, &key, &renew));
	first.name[15] ^= 1;
	ck_assert(!finds_first(0));
	mailin_ticket_keys_end(&keys);
}
END_TEST

/* Returns true if the octets are somewhere in the memory of the keys. */
static bool
holds(const unsigned char *octets, size_t len)
{
	const char *memory = (const char *)&keys;
	size_t i;

	for (i = 0; i + len <= sizeof keys; i++)
		if (memcmp(memory + i, octets, len) == 0)
			return true;
	return false;
}

static bool
holds_first(void)
{
	return holds(first.cipher, sizeof first.cipher) ||
	    holds(first.mac, sizeof first.mac);
}

START_TEST(keys_are_wiped_when_their_time_is_over)
{
	begin();
	ck_assert(
	    mailin_ticket_keys_for_new(&keys, START + TICKET_PERIOD, &key));
	ck_assert(holds_first());
	ck_assert(!finds_first(2 * TICKET_PERIOD));
	ck_assert(!holds_first());
	mailin_ticket_keys_end(&keys);
	begin();
	ck_assert(
	    mailin_ticket_keys_for_new(&keys, START + 2 * TICKET_PERIOD, &key));
	ck_assert(!holds_first());
	mailin_ticket_keys_end(&keys);
	begin();
	ck_assert(
	    mailin_ticket_keys_for_new(&keys, START + TICKET_PERIOD, &key));
	mailin_ticket_keys_end(&keys);
	ck_assert(!holds_first() && !holds(key.cipher, sizeof key.cipher));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_key_makes_tickets_for_one_period,
		a_key_reads_tickets_for_two_periods,
		an_unknown_name_finds_no_key,
		keys_are_wiped_when_their_time_is_over,
	};

	return suite_run("ticket_keys", tests, ROWS(tests));
}
