/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The start of a session, up to its greeting: src/session/session.c. */
#include <string.h>

#include "support/client.h"

static struct client client;

static void
start(void)
{
	client_init(&client);
	client_begin(&client);
}

static enum mailin_want
want(void)
{
	return mailin_session_want(client.session);
}

START_TEST(a_new_session_calls_nothing_and_says_nothing)
{
	start();
	ck_assert_int_eq(want(), MAILIN_WANT_INPUT);
	ck_assert_uint_eq(mailin_session_decision(client.session), 0);
	ck_assert_uint_eq(mailin_session_feed(client.session, "", 0), 0);
	ck_assert_uint_eq(mailin_session_progress(client.session), 0);
	ck_assert_ptr_null(mailin_session_peer(client.session));
	ck_assert_ptr_null(mailin_session_tls(client.session));
	client_expect_log(&client, "");
	client_end(&client);
}
END_TEST

START_TEST(a_session_needs_a_config_and_a_handler_of_some_size)
{
	static const struct mailin_handler none = { .size = 0 };
	static const struct mailin_handler less = { .size = 1 };
	static const struct mailin_handler bare = { .size = sizeof bare.size };

	client_init(&client);
	ck_assert_ptr_null(mailin_session_new(NULL, &client.handler, NULL));
	ck_assert_ptr_null(mailin_session_new(client.config, NULL, NULL));
	ck_assert_ptr_null(mailin_session_new(client.config, &none, NULL));
	ck_assert_ptr_null(mailin_session_new(client.config, &less, NULL));
	client.session = mailin_session_new(client.config, &bare, NULL);
	ck_assert_ptr_nonnull(client.session);
	client_expect_replies(&client, "220");
	heap_fail(&client.heap, 1, true);
	ck_assert_ptr_null(
	    mailin_session_new(client.config, &client.handler, NULL));
	client_end(&client);
}
END_TEST

START_TEST(the_first_output_opens_it)
{
	start();
	ck_assert(mailin_span_equal(mailin_session_output(client.session),
	    "220 mx.example.org ESMTP\r\n"));
	client_expect_log(&client, "connect");
	ck_assert(mailin_span_equal(mailin_session_output(client.session),
	    "220 mx.example.org ESMTP\r\n"));
	client_expect_log(&client, "");
	client_end(&client);
}
END_TEST

START_TEST(an_lmtp_server_says_so)
{
	client_init(&client);
	client_set(&client, "protocol", "lmtp");
	client_begin(&client);
	ck_assert(mailin_span_equal(mailin_session_output(client.session),
	    "220 mx.example.org LMTP\r\n"));
	client_end(&client);
}
END_TEST

/* ---- Clients that do not wait for the greeting (threat V41) ---- */

START_TEST(the_first_feed_opens_it_and_comes_too_early)
{
	start();
	ck_assert_uint_eq(client_feed(&client, "EHLO c\r\n", 8), 0);
	ck_assert_int_eq(want(), MAILIN_WANT_CLOSE);
	client_expect_log(&client, "connect\nclose EARLY_TALK");
	client_expect_replies(&client, "220|554 5.5.0");
	client_end(&client);
}
END_TEST

START_TEST(an_early_talker_ends_the_wait_for_connect)
{
	start();
	client.answers[ON_CONNECT] = MAILIN_REPLY_PENDING;
	client_drain(&client);
	ck_assert_int_eq(want(), MAILIN_WANT_DECISION);
	ck_assert_uint_eq(client_feed(&client, "E", 1), 0);
	ck_assert_int_eq(want(), MAILIN_WANT_CLOSE);
	client_expect_log(&client, "connect\nclose EARLY_TALK");
	/* A reply that replaces the greeting has no enhanced code. */
	client_expect_replies(&client, "554");
	client_end(&client);
}
END_TEST

START_TEST(if_early_talk_is_allowed_it_waits_its_turn)
{
	client_init(&client);
	client_set(&client, "pipelining", "allow");
	client_begin(&client);
	client.answers[ON_CONNECT] = MAILIN_REPLY_PENDING;
	ck_assert_uint_eq(client_feed(&client, "EHLO c\r\n", 8), 0);
	ck_assert_int_eq(want(), MAILIN_WANT_DECISION);
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_OK),
	    MAILIN_OK);
	ck_assert_uint_eq(client_feed(&client, "EHLO c\r\n", 8), 8);
	client_expect_replies(&client, "220|250");
	client_end(&client);
}
END_TEST

/* A client has waited for the greeting only if the whole greeting was sent. */
START_TEST(a_greeting_half_sent_is_still_to_be_waited_for)
{
	struct mailin_span out;

	start();
	out = mailin_session_output(client.session);
	ck_assert_int_eq(mailin_session_sent(client.session, out.len - 1),
	    MAILIN_OK);
	ck_assert_uint_eq(client_feed(&client, "E", 1), 0);
	client_expect_log(&client, "connect\nclose EARLY_TALK");
	client_end(&client);
}
END_TEST

/* ---- The verdict on the connection --------------------------------------- */

struct connect_row {
	enum mailin_reply reply;
	const char *greeting;
	bool closes;
};

/* Codes 421 and 521 close the session at once; after 554 it waits for QUIT (RFC
 * 5321 3.1, RFC 7504). */
static const struct connect_row connects[] = {
	{ MAILIN_REPLY_OK, "220", false },
	{ MAILIN_REPLY_GREETING, "220", false },
	{ MAILIN_REPLY_FAILED, "554", false },
	{ MAILIN_REPLY_REFUSED, "550", false },
	{ MAILIN_REPLY_NO_SERVICE, "421", true },
	{ MAILIN_REPLY_BLOCKED_HOST, "521", true },
	{ MAILIN_REPLY_BLOCKED_IP, "550", true },
	{ MAILIN_REPLY_TRY_LATER, "421", true },
	{ MAILIN_REPLY_OUT_OF_MEMORY, "421", true },
	{ MAILIN_REPLY_START_DATA, "421", true },
	{ MAILIN_REPLY_CUSTOM, "421", true },
};

START_TEST(the_handler_decides_on_a_connection)
{
	size_t i;

	for (i = 0; i < ROWS(connects); i++) {
		const struct connect_row *row = &connects[i];

		start();
		client.answers[ON_CONNECT] = row->reply;
		client_expect_replies(&client, row->greeting);
		ck_assert_msg(want() ==
			(row->closes ? MAILIN_WANT_CLOSE : MAILIN_WANT_INPUT),
		    "%d", row->reply);
		client_expect_log(&client,
		    row->closes ? "connect\nclose REFUSED" : "connect");
		client_end(&client);
	}
}
END_TEST

static void
greet_by_hand(struct client *c, enum on on)
{
	if (on == ON_CONNECT)
		c->answers[on] = mailin_session_reply(c->session, 220, "2.0.0",
		    "mx.example.org ESMTP at your service\nNo spam");
}

START_TEST(the_greeting_may_be_the_handlers)
{
	start();
	client.hook = greet_by_hand;
	ck_assert(mailin_span_equal(mailin_session_output(client.session),
	    "220-mx.example.org ESMTP at your service\r\n220 No spam\r\n"));
	client_end(&client);
}
END_TEST

/* Without memory for the greeting the session ends with 421. */
START_TEST(without_memory_there_is_a_421_for_a_greeting)
{
	static char long_name[] =
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx."
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx."
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx."
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

	client_init(&client);
	mailin_config_free(client.config);
	client.config = mailin_config_new_with(long_name,
	    &client.heap.allocator);
	client_begin(&client);
	heap_fail(&client.heap, 1, true);
	client_expect_replies(&client, "421");
	ck_assert_int_eq(want(), MAILIN_WANT_CLOSE);
	client_expect_log(&client, "connect\nclose MEMORY");
	client_end(&client);
}
END_TEST

/* If the connection is refused, only QUIT is allowed.  Even then the octets of
 * a BDAT are dropped (threat V12). */
START_TEST(a_refused_connection_may_quit_and_nothing_else)
{
	static const char *const commands[] = { "MAIL FROM:<a@b>",
		"RCPT TO:<a@b>", "DATA", "RSET", "NOOP", "VRFY a", "EXPN a",
		"HELP", "STARTTLS", "AUTH PLAIN", "ETRN a", "BDAT 0",
		"BDAT 6 LAST\r\nQUIT", "JUNK", "" };
	size_t i;

	client_init(&client);
	client_set(&client, "extensions",
	    "ENHANCEDSTATUSCODES,CHUNKING,STARTTLS,ETRN,EXPN");
	client_set(&client, "mechanisms", "PLAIN");
	client_begin(&client);
	client.answers[ON_CONNECT] = MAILIN_REPLY_FAILED;
	client_expect_replies(&client, "554");
	for (i = 0; i < ROWS(commands); i++)
		client_expect(&client, commands[i], "503 5.5.1");
	client_expect(&client, "EHLO c", "503");
	client_expect_log(&client, "connect");
	client_expect(&client, "QUIT", "221 2.0.0");
	client_expect_log(&client, "close QUIT");
	client_end(&client);
}
END_TEST

/* ---- Settings before the session opens ----------------------------------- */

START_TEST(the_peer_is_copied_and_can_be_set_anew)
{
	char address[] = "192.0.2.1", name[] = "c.example.org",
	     local_address[] = "192.0.2.2";
	struct mailin_peer peer = { .address = mailin_span_of(address),
		.port = 65535,
		.name = mailin_span_of(name),
		.local_address = mailin_span_of(local_address),
		.local_port = 25 };
	const struct mailin_peer *got;

	start();
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_OK);
	memset(address, 'x', sizeof address - 1);
	memset(name, 'x', sizeof name - 1);
	memset(local_address, 'x', sizeof local_address - 1);
	got = mailin_session_peer(client.session);
	ck_assert(mailin_span_equal(got->address, "192.0.2.1"));
	ck_assert(mailin_span_equal(got->name, "c.example.org"));
	ck_assert(mailin_span_equal(got->local_address, "192.0.2.2"));
	ck_assert_uint_eq(got->port, 65535);
	ck_assert_uint_eq(got->local_port, 25);

	heap_fail(&client.heap, 1, true);
	memset(&peer, 0, sizeof peer);
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_ERROR_MEMORY);
	ck_assert_ptr_eq(mailin_session_peer(client.session), got);
	heap_fail(&client.heap, 0, false);
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_OK);
	got = mailin_session_peer(client.session);
	ck_assert_ptr_null(got->address.ptr);
	ck_assert_ptr_null(got->name.ptr);
	client_drain(&client);
	ck_assert_int_eq(mailin_session_set_peer(client.session, &peer),
	    MAILIN_ERROR_STATE);
	client_end(&client);
}
END_TEST

/* With implicit TLS, the client has sent nothing in clear before the handshake,
 * so the session has no facts to forget after it. */
START_TEST(tls_may_be_there_from_the_start)
{
	const struct mailin_tls tls = { .version = TEXT("TLSv1.3"),
		.cipher = TEXT("X"),
		.sni = TEXT("mx"),
		.alpn = TEXT("smtp"),
		.client_name = TEXT("c"),
		.channel_binding = TEXT("\0b") };
	const struct mailin_tls *got;

	client_init(&client);
	client_set(&client, "extensions", "STARTTLS");
	client_begin(&client);
	heap_fail(&client.heap, 1, true);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_ERROR_MEMORY);
	ck_assert_ptr_null(mailin_session_tls(client.session));
	heap_fail(&client.heap, 0, false);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_ERROR_STATE);
	client_expect_log(&client, "");
	got = mailin_session_tls(client.session);
	ck_assert(mailin_span_equal(got->version, "TLSv1.3"));
	ck_assert(mailin_span_equal(got->alpn, "smtp"));
	ck_assert_uint_eq(got->channel_binding.len, 2);
	client_expect_replies(&client, "220");
	client_octets(&client, SPAN("EHLO c\r\n"));
	ck_assert_ptr_null(strstr(client.out.octets, "STARTTLS"));
	ck_assert_str_eq(mailin_session_protocol(client.session), "ESMTPS");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_new_session_calls_nothing_and_says_nothing,
		a_session_needs_a_config_and_a_handler_of_some_size,
		the_first_output_opens_it,
		an_lmtp_server_says_so,
		the_first_feed_opens_it_and_comes_too_early,
		an_early_talker_ends_the_wait_for_connect,
		if_early_talk_is_allowed_it_waits_its_turn,
		a_greeting_half_sent_is_still_to_be_waited_for,
		the_handler_decides_on_a_connection,
		the_greeting_may_be_the_handlers,
		without_memory_there_is_a_421_for_a_greeting,
		a_refused_connection_may_quit_and_nothing_else,
		the_peer_is_copied_and_can_be_set_anew,
		tls_may_be_there_from_the_start,
	};

	return suite_run("open", tests, ROWS(tests));
}
