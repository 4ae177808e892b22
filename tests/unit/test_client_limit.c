/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the limits and the memory of a client. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "support/heap.h"
#include "support/relay.h"
#include "support/suite.h"

START_TEST(at_most_32_replies_are_awaited)
{
	struct relay relay;
	int i, round;

	ck_assert_int_eq(MAILIN_CLIENT_AWAITED, 32);
	relay_greet(&relay, NULL, 1000, RELAY_ALL);
	for (round = 0; round < 3; round++) {
		relay.len = 0;
		ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_OK);
		for (i = 1; i < 32; i++) {
			ck_assert_int_eq(relay_command(&relay, DO_RCPT),
			    MAILIN_OK);
			relay_send(&relay);
		}
		ck_assert_int_eq(relay_command(&relay, DO_RCPT),
		    MAILIN_ERROR_WAIT);
		relay_text(&relay, "250 OK\r\n");
		ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_OK);
		ck_assert_int_eq(relay_command(&relay, DO_RCPT),
		    MAILIN_ERROR_WAIT);
		for (i = 0; i < 32; i++)
			relay_text(&relay, "250 OK\r\n");
		relay_done(&relay, DO_RSET, "250 OK\r\n");
		ck_assert(mailin_client_ready(relay.client));
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 0);
		ck_assert_int_eq(mailin_client_awaits(relay.client),
		    MAILIN_CLIENT_NONE);
	}
	relay_end(&relay);
}
END_TEST

/* If a command does not fit in the output, it must wait until the output was
 * sent.  No command is lost. */
START_TEST(a_full_output_waits)
{
	struct relay relay;
	struct mailin_span out, later;
	char line[300], text[64] = "";
	int i = 0;

	relay_greet(&relay, NULL, 1000, RELAY_ALL);
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_OK);
	(void)snprintf(line, sizeof line, "<%064d@%060d.%060d.%060d>", 1, 2, 3,
	    4);
	while (relay_rcpt(&relay, line) == MAILIN_OK)
		i++;
	ck_assert_int_ge(i, 4);
	ck_assert_int_eq(relay_rcpt(&relay, line), MAILIN_ERROR_WAIT);
	out = mailin_client_output(relay.client);
	ck_assert_uint_le(out.len, 4096);
	memcpy(text, out.ptr, 18);
	ck_assert_str_eq(text, "MAIL FROM:<a@b>\r\nR");
	/* Octets that are not sent yet stay at the same address. */
	ck_assert_int_eq(mailin_client_sent(relay.client, 17), MAILIN_OK);
	later = mailin_client_output(relay.client);
	ck_assert_ptr_eq(later.ptr, out.ptr + 17);
	ck_assert_uint_eq(later.len, out.len - 17);
	ck_assert_int_eq(mailin_client_sent(relay.client, later.len + 1),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(mailin_client_sent(relay.client, later.len),
	    MAILIN_OK);
	ck_assert_int_eq(relay_rcpt(&relay, line), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

/* Queue MAIL and RCPT until the output has this many octets. */
static void
fill(struct relay *relay, size_t octets)
{
	char line[100];

	ck_assert_int_eq(relay_command(relay, DO_MAIL), MAILIN_OK);
	for (;;) {
		size_t rest = octets - mailin_client_output(relay->client).len;
		size_t len = rest > 150 ? 75 : rest > 75 ? rest / 2 : rest;

		if (rest == 0)
			return;
		(void)snprintf(line, sizeof line, "<%0*d@b>",
		    (int)(len - sizeof "RCPT TO:<@b>\r\n" + 1), 0);
		ck_assert_int_eq(relay_rcpt(relay, line), MAILIN_OK);
	}
}

/* The output has 4096 octets.  A command is accepted only if 2562 of them are
 * free.  This also holds after some octets were sent. */
START_TEST(a_command_needs_2562_free_octets)
{
	struct relay relay;
	int round;

	relay_greet(&relay, NULL, 1000, RELAY_ALL);
	for (round = 0; round < 3; round++) {
		fill(&relay, 4096 - 2562);
		if (round == 1)
			ck_assert_int_eq(mailin_client_sent(relay.client, 17),
			    MAILIN_OK);
		ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_OK);
		relay_send(&relay);
		while (mailin_client_awaited(relay.client) > 0)
			relay_text(&relay, "250 OK\r\n");
		relay_done(&relay, DO_RSET, "250 OK\r\n");
		relay.len = 0;
	}
	fill(&relay, 4096 - 2562 + 1);
	ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_ERROR_WAIT);
	relay_end(&relay);
}
END_TEST

/* The output becomes an absent span only when nothing is left to send. */
START_TEST(the_output_ends_with_its_last_octet)
{
	struct relay relay;
	struct mailin_span out;

	relay_greet(&relay, NULL, 1000, "");
	ck_assert_ptr_null(mailin_client_output(relay.client).ptr);
	ck_assert_int_eq(relay_command(&relay, DO_NOOP), MAILIN_OK);
	ck_assert_int_eq(mailin_client_sent(relay.client, 5), MAILIN_OK);
	out = mailin_client_output(relay.client);
	ck_assert_uint_eq(out.len, 1);
	ck_assert_int_eq(*out.ptr, '\n');
	ck_assert_int_eq(mailin_client_sent(relay.client, 1), MAILIN_OK);
	out = mailin_client_output(relay.client);
	ck_assert_uint_eq(out.len, 0);
	ck_assert_ptr_null(out.ptr);
	ck_assert_int_eq(mailin_client_sent(relay.client, 1),
	    MAILIN_ERROR_RANGE);
	relay_end(&relay);
}
END_TEST

/* Send RCPT commands, all of which the server accepts, until the client returns
 * an error.  Returns the number of recipients. */
static size_t
count_recipients(struct relay *relay)
{
	size_t count = 0;

	relay_done(relay, DO_MAIL, "250 OK\r\n");
	while (relay_command(relay, DO_RCPT) == MAILIN_OK) {
		count++;
		relay_text(relay, "250 OK\r\n");
		relay->len = 0;
	}
	ck_assert_int_eq(relay_command(relay, DO_RCPT), MAILIN_ERROR_RANGE);
	return count;
}

START_TEST(so_many_recipients_are_possible)
{
	static const size_t recipients[] = { 0, 1, 8, 9, 1001 };
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
	};
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(recipients); i++) {
		options.recipients = recipients[i];
		relay_greet(&relay, &options, 1000, "");
		ck_assert_uint_eq(count_recipients(&relay),
		    recipients[i] == 0 ? 1000 : recipients[i]);
		/* The next transaction has no recipients, so DATA is an
		 * error. */
		relay_done(&relay, DO_RSET, "250 OK\r\n");
		relay_done(&relay, DO_MAIL, "250 OK\r\n");
		ck_assert_int_eq(relay_command(&relay, DO_DATA),
		    MAILIN_ERROR_STATE);
		relay_end(&relay);
	}
}
END_TEST

START_TEST(a_transaction_has_at_most_so_many_recipients)
{
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
		.recipients = 9,
	};
	struct relay relay;
	int i;

	relay_greet(&relay, &options, 1000, RELAY_ALL);
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_OK);
	for (i = 0; i < 9; i++)
		ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_OK);
	ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_ERROR_RANGE);
	relay_send(&relay);
	for (i = 0; i < 10; i++)
		relay_text(&relay, "250 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_ERROR_RANGE);
	relay_done(&relay, DO_RSET, "250 OK\r\n");
	relay_done(&relay, DO_MAIL, "250 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_RCPT), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

START_TEST(options_are_checked)
{
	struct mailin_client_options good = {
		.size = sizeof good,
		.name = "[192.0.2.1]",
		.recipients = 100000,
	}, bad;
	struct mailin_client *client = mailin_client_new(&good);
	static const char *const names[] = { NULL, "", "a b", "a\r\nQUIT",
		"a_b", "a.example\n", "[192.0.2.1" };
	size_t i;

	ck_assert_ptr_nonnull(client);
	mailin_client_free(client);
	mailin_client_free(NULL);
	ck_assert_ptr_null(mailin_client_new(NULL));
	for (i = 0; i < ROWS(names); i++) {
		bad = good;
		bad.name = names[i];
		ck_assert_ptr_null(mailin_client_new(&bad));
	}
	/* Members beyond the given size are not read. */
	bad.size = offsetof(struct mailin_client_options, recipients);
	bad.name = good.name;
	bad.recipients = SIZE_MAX;
	client = mailin_client_new(&bad);
	ck_assert_ptr_nonnull(client);
	mailin_client_free(client);
	for (bad.size = 0;
	     bad.size < offsetof(struct mailin_client_options, protocol);
	     bad.size++)
		ck_assert_ptr_null(mailin_client_new(&bad));
	/* Only the member "name" is required. */
	bad.size = offsetof(struct mailin_client_options, protocol);
	client = mailin_client_new(&bad);
	ck_assert_ptr_nonnull(client);
	mailin_client_free(client);
	bad = good;
	bad.recipients++;
	ck_assert_ptr_null(mailin_client_new(&bad));
	bad = good;
	bad.protocol = (enum mailin_protocol)2;
	ck_assert_ptr_null(mailin_client_new(&bad));
	bad = good;
	bad.syntax = (enum mailin_syntax)2;
	ck_assert_ptr_null(mailin_client_new(&bad));
}
END_TEST

START_TEST(an_allocator_has_both_functions)
{
	struct heap heap;
	struct mailin_allocator half;
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
		.allocator = &half,
	};

	heap_init(&heap);
	half = heap.allocator;
	half.alloc = NULL;
	ck_assert_ptr_null(mailin_client_new(&options));
	half = heap.allocator;
	half.free = NULL;
	ck_assert_ptr_null(mailin_client_new(&options));
	ck_assert_uint_eq(heap.calls, 0);
}
END_TEST

/* Returns the number of octets that a client allocates. */
static size_t
octets_for(size_t recipients)
{
	struct heap heap;
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
		.recipients = recipients,
		.allocator = &heap.allocator,
	};
	struct mailin_client *client;
	size_t octets;

	heap_init(&heap);
	client = mailin_client_new(&options);
	ck_assert_ptr_nonnull(client);
	octets = heap.octets;
	mailin_client_free(client);
	ck_assert_uint_eq(heap.octets, 0);
	return octets;
}

START_TEST(a_recipient_needs_one_bit)
{
	size_t one = octets_for(1);

	ck_assert_uint_eq(octets_for(8), one);
	ck_assert_uint_eq(octets_for(9), one + 1);
	ck_assert_uint_eq(octets_for(16), one + 1);
	ck_assert_uint_eq(octets_for(17), one + 2);
	ck_assert_uint_eq(octets_for(100000), one + 12499);
}
END_TEST

/* Only mailin_client_new allocates, and a password is wiped when it was sent
 * (threat V72). */
START_TEST(memory_is_allocated_once_and_wiped)
{
	struct heap heap;
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
	};
	struct relay relay;

	heap_init(&heap);
	options.allocator = &heap.allocator;
	heap_fail(&heap, 1, false);
	ck_assert_ptr_null(mailin_client_new(&options));
	heap.secret = "AHVzZXIAc2VjcmV0"; /* base64: NUL user NUL secret */
	relay_greet(&relay, &options, 100, RELAY_ALL);
	heap_fail(&heap, 1, true);
	ck_assert_int_eq(
	    mailin_client_auth_plain(relay.client, "user", "secret"),
	    MAILIN_OK);
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 1);
	ck_assert_uint_eq(heap_holding(&heap, "secret"), 0);
	relay_send(&relay);
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 0);
	relay_text(&relay, "235 OK\r\n");
	relay_transaction(&relay);
	relay_done(&relay, DO_DATA, "354 go\r\n");
	relay_done(&relay, DO_BODY_END, "250 OK\r\n");
	ck_assert_int_eq(
	    mailin_client_auth_plain(relay.client, "user", "secret"),
	    MAILIN_OK);
	relay_end(&relay);
	ck_assert_uint_eq(heap.leaks, 0);
	ck_assert_uint_eq(heap.octets, 0);
}
END_TEST

START_TEST(a_client_needs_texts_and_places)
{
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
	};
	struct mailin_client *sender = mailin_client_new(&options);
	struct mailin_client_reply reply;
	struct mailin_span in = TEXT("220 OK\r\n"), broken = { NULL, 3 };

	ck_assert_ptr_nonnull(sender);
	ck_assert_ptr_null(mailin_client_new(NULL));
	ck_assert_int_eq(mailin_client_feed(sender, NULL, &reply),
	    MAILIN_CLIENT_FAULT);
	ck_assert_int_eq(mailin_client_feed(sender, &in, NULL),
	    MAILIN_CLIENT_FAULT);
	ck_assert_int_eq(mailin_client_feed(sender, &broken, &reply),
	    MAILIN_CLIENT_FAULT);
	ck_assert_int_eq(mailin_client_auth_plain(sender, NULL, "p"),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_auth_plain(sender, "u", NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_xforward(sender, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_xclient(sender, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_mail(sender, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_rcpt(sender, NULL),
	    MAILIN_ERROR_ARGUMENT);
	/* The refused calls have not changed the client. */
	ck_assert_int_eq(mailin_client_feed(sender, &in, &reply),
	    MAILIN_CLIENT_REPLY);
	ck_assert_int_eq(reply.code, 220);
	mailin_client_free(sender);
	mailin_client_free(NULL);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		at_most_32_replies_are_awaited,
		a_full_output_waits,
		a_command_needs_2562_free_octets,
		the_output_ends_with_its_last_octet,
		so_many_recipients_are_possible,
		a_transaction_has_at_most_so_many_recipients,
		options_are_checked,
		an_allocator_has_both_functions,
		a_recipient_needs_one_bit,
		a_client_needs_texts_and_places,
		memory_is_allocated_once_and_wiped,
	};

	return suite_run("client_limit", tests, ROWS(tests));
}
