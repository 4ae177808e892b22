/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Storing the client's HELO name: src/session/state.c. */
#include <string.h>

#include "octet/memory.h"
#include "support/client.h"

static struct client client;

static const char *
hello(size_t len, char octet)
{
	static char line[80] = "EHLO ";

	memset(line + 5, octet, len);
	line[5 + len] = '\0';
	return line;
}

static bool
has_name(size_t len, char octet)
{
	struct mailin_helo helo;
	size_t i;

	mailin_session_helo(client.session, &helo);
	if (helo.domain.len != len)
		return false;
	for (i = 0; i < len; i++)
		if (helo.domain.ptr[i] != octet)
			return false;
	return true;
}

/* A short name needs no allocation, unless the previous name still uses the
 * room for it. */
START_TEST(a_name_is_kept_whatever_its_length)
{
	static const size_t lengths[] = { 1, 30, 31, 32, 33, 63 };
	size_t i, j;

	client_init(&client);
	client_begin(&client);
	client_expect_replies(&client, "220");
	for (i = 0; i < ROWS(lengths); i++)
		for (j = 0; j < ROWS(lengths); j++) {
			client.answers[ON_HELO] = MAILIN_REPLY_OK;
			client_expect(&client, hello(lengths[i], 'a'), "250");
			ck_assert(has_name(lengths[i], 'a'));
			/* The old name stays until the new one is accepted. */
			client.answers[ON_HELO] = MAILIN_REPLY_PENDING;
			client_expect(&client, hello(lengths[j], 'b'), "");
			ck_assert(has_name(lengths[i], 'a'));
			ck_assert_int_eq(
			    mailin_session_resume(client.session,
				mailin_session_decision(client.session),
				j % 2 == 0 ? MAILIN_REPLY_OK :
					     MAILIN_REPLY_REFUSED),
			    MAILIN_OK);
			client_drain(&client);
			client_expect_replies(&client,
			    j % 2 == 0 ? "250" : "550");
			ck_assert(j % 2 == 0 ? has_name(lengths[j], 'b') :
					       has_name(lengths[i], 'a'));
		}
	client_end(&client);
}
END_TEST

/* A copy of zero octets is an empty text, whatever the pointer is. */
START_TEST(a_copy_of_nothing_is_an_empty_text)
{
	static const struct mailin_span empty[] = { { NULL, 0 }, { "a", 0 } };
	struct heap heap;
	size_t i;

	for (i = 0; i < ROWS(empty); i++) {
		char *copy;

		heap_init(&heap);
		copy = mailin_copy(&heap.allocator, empty[i]);
		ck_assert_ptr_nonnull(copy);
		ck_assert_str_eq(copy, "");
		mailin_free(&heap.allocator, copy);
		ck_assert_uint_eq(heap.octets, 0);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_copy_of_nothing_is_an_empty_text,
		a_name_is_kept_whatever_its_length,
	};

	return suite_run("name", tests, ROWS(tests));
}
