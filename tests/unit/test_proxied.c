/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

/* Clients of a trusted proxy: XCLIENT and XFORWARD, and the PROXY header. */

static struct client client;

static void
greet(void)
{
	client_begin(&client);
	client_greet(&client);
	(void)client_replies(&client);
}

/* Let the client that XCLIENT names use XCLIENT, too. */
static void
offer_again(struct client *c, enum on on)
{
	if (on == ON_XCLIENT)
		(void)mailin_session_set_extension(c->session,
		    MAILIN_EXTENSION_XCLIENT, true);
}

/* Postfix's XCLIENT_README says: XCLIENT is allowed only if it is offered, and
 * never in a transaction.  The reply is a greeting, after which the client must
 * send EHLO again. */
START_TEST(xclient_changes_who_the_client_is)
{
	const struct mailin_peer *peer;

	client_init(&client);
	client.hook = offer_again;
	client_begin(&client);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_XCLIENT, true) == MAILIN_OK);
	client_greet(&client);
	(void)client_replies(&client);
	client.answers[ON_XCLIENT] = MAILIN_REPLY_REFUSED;
	client_expect(&client, "XCLIENT ADDR=192.0.2.9", "550 5.7.1");
	ck_assert(mailin_session_peer(client.session) == NULL);
	client.answers[ON_XCLIENT] = MAILIN_REPLY_OK;
	client_expect(&client,
	    "XCLIENT ADDR=IPV6:2001:db8::1 NAME=spike.example PORT=25 "
	    "LOGIN=bob+2Bx",
	    "220");
	peer = mailin_session_peer(client.session);
	ck_assert(mailin_span_equal(peer->address, "2001:db8::1"));
	ck_assert(mailin_span_equal(peer->name, "spike.example"));
	ck_assert_uint_eq(peer->port, 25);
	ck_assert(mailin_span_equal(mailin_session_identity(client.session),
	    "bob+x"));
	client_expect(&client, "MAIL FROM:<a@b.example>", "503 5.5.1");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client,
	    "XCLIENT NAME=[UNAVAILABLE] LOGIN="
	    "[UNAVAILABLE]",
	    "220");
	ck_assert(mailin_session_identity(client.session).ptr == NULL);
	client_expect(&client, "XCLIENT ADDR=junk", "501 5.5.4");
	client_expect(&client, "XCLIENT ADDR=2001:db8::1", "501 5.5.4");
	client_expect(&client, "XCLIENT PORT=65536", "501 5.5.4");
	client_expect(&client, "XCLIENT PORT=0x19", "501 5.5.4");
	client_expect(&client, "XCLIENT DESTPORT=0", "501 5.5.4");
	client_expect(&client, "XCLIENT DESTADDR=[192.0.2.1]", "501 5.5.4");
	client_expect(&client, "XCLIENT ADDR=[UNAVAILABLE]", "220");
	peer = mailin_session_peer(client.session);
	ck_assert(peer->address.ptr == NULL && peer->name.ptr == NULL &&
	    peer->port == 0);
	client_expect(&client, "XCLIENT NAME=a NAME=b", "501 5.5.4");
	client_expect(&client, "XCLIENT NAME=a+0D", "501 5.5.4");
	client_expect(&client, "XCLIENT LOGIN=a+0D+0Ab", "501 5.5.4");
	client_expect(&client, "XCLIENT LOGIN=a+FFb", "501 5.5.4");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "MAIL FROM:<a@b.example>", "250 2.1.0");
	client_expect(&client, "XCLIENT NAME=a", "503 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(xclient_is_502_if_it_is_not_offered)
{
	client_init(&client);
	greet();
	client_expect(&client, "XCLIENT NAME=a", "502 5.5.1");
	client_expect(&client, "XFORWARD NAME=a", "502 5.5.1");
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_XCLIENT, true) == MAILIN_ERROR_STATE);
	client_end(&client);
}
END_TEST

START_TEST(xforward_is_kept_for_one_transaction)
{
	struct mailin_span name;

	client_init(&client);
	client_set(&client, "extensions", "XFORWARD,ENHANCEDSTATUSCODES");
	greet();
	client_expect(&client, "XFORWARD NAME=a ADDR=192.0.2.1", "250 2.0.0");
	client_expect(&client, "XFORWARD SOURCE=LOCAL", "250 2.0.0");
	name = mailin_session_attribute(client.session, MAILIN_VERB_XFORWARD,
	    MAILIN_ATTRIBUTE_NAME);
	ck_assert(mailin_span_equal(name, "a"));
	ck_assert(mailin_session_attribute(client.session, MAILIN_VERB_XCLIENT,
		      MAILIN_ATTRIBUTE_NAME)
		      .ptr == NULL);
	client_expect(&client, "XFORWARD LOGIN=a", "501 5.5.4");
	/* Postfix's XFORWARD_README says: ADDR need not be an IP address. */
	client_expect(&client, "XFORWARD ADDR=uucp PORT=[UNAVAILABLE]",
	    "250 2.0.0");
	client_expect(&client, "RSET", "250 2.0.0");
	ck_assert(mailin_session_attribute(client.session, MAILIN_VERB_XFORWARD,
		      MAILIN_ATTRIBUTE_NAME)
		      .ptr == NULL);
	client_end(&client);
}
END_TEST

/* ---- Who is offered XCLIENT ---------------------------------------------- */

static void
offer_xclient(struct client *c, enum on on)
{
	struct mailin_span name = mailin_session_peer(c->session)->address;
	enum mailin_error error;

	if (on == ON_XCLIENT)
		return;
	error = mailin_session_set_extension(c->session,
	    MAILIN_EXTENSION_XCLIENT, mailin_span_equal(name, "192.0.2.1"));
	if (error != (on == ON_CONNECT ? MAILIN_OK : MAILIN_ERROR_BUSY))
		ck_abort_msg("%s: error %d", client_on_name(on), error);
}

static void
connect_behind_proxy(const char *line)
{
	client_init(&client);
	client.hook = offer_xclient;
	client_begin(&client);
	ck_assert(mailin_session_expect_proxy(client.session) == MAILIN_OK);
	client_lines(&client, line);
}

/* XCLIENT may be offered in the callback connect, depending on the client that
 * the PROXY header names.  Before that callback nobody knows the client. */
START_TEST(xclient_may_be_offered_to_whom_a_proxy_header_names)
{
	connect_behind_proxy("PROXY TCP4 192.0.2.1 192.0.2.2 56324 25\r\n");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "XCLIENT NAME=a", "220");
	client_end(&client);
	connect_behind_proxy("PROXY TCP4 192.0.2.9 192.0.2.2 56324 25\r\n");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "XCLIENT NAME=a", "502 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(xclient_may_be_offered_until_connect_is_decided)
{
	client_init(&client);
	client.answers[ON_CONNECT] = MAILIN_REPLY_PENDING;
	client_begin(&client);
	client_drain(&client);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_COUNT, true) == MAILIN_ERROR_ARGUMENT);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_XCLIENT, true) == MAILIN_OK);
	ck_assert(
	    mailin_session_offers(client.session, MAILIN_EXTENSION_XCLIENT));
	ck_assert(
	    mailin_session_expect_proxy(client.session) == MAILIN_ERROR_STATE);
	ck_assert(mailin_session_resume(client.session,
		      mailin_session_decision(client.session),
		      MAILIN_REPLY_OK) == MAILIN_OK);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_XCLIENT, false) == MAILIN_ERROR_STATE);
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "XCLIENT NAME=a", "220");
	client_end(&client);
}
END_TEST

/* ---- The PROXY header ---------------------------------------------------- */

static const char header[] = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 25\r\n";

START_TEST(a_proxy_header_tells_the_peer_before_the_greeting)
{
	size_t cut;

	for (cut = 1; cut < sizeof header - 1; cut++) {
		client_init(&client);
		client_begin(&client);
		ck_assert(
		    mailin_session_expect_proxy(client.session) == MAILIN_OK);
		ck_assert(mailin_session_output(client.session).len == 0);
		ck_assert_uint_eq(client_feed(&client, header, cut), cut);
		ck_assert_uint_eq(mailin_session_progress(client.session), 0);
		ck_assert_uint_eq(
		    client_feed(&client, header + cut, sizeof header - 1 - cut),
		    sizeof header - 1 - cut);
		ck_assert_uint_eq(mailin_session_progress(client.session), 1);
		client_drain(&client);
		client_expect_replies(&client, "220");
		ck_assert(mailin_span_equal(
		    mailin_session_peer(client.session)->address, "192.0.2.1"));
		ck_assert(mailin_session_proxy(client.session) != NULL);
		client_expect(&client, "NOOP", "250 2.0.0");
		client_end(&client);
	}
}
END_TEST

START_TEST(a_bad_proxy_header_closes_without_a_reply)
{
	client_init(&client);
	client_begin(&client);
	ck_assert(mailin_session_expect_proxy(client.session) == MAILIN_OK);
	(void)client_feed(&client, "EHLO c\r\n", 8);
	client_drain(&client);
	client_expect_replies(&client, "");
	ck_assert(mailin_session_want(client.session) == MAILIN_WANT_CLOSE);
	client_expect_log(&client, "close PROTOCOL");
	client_end(&client);
}
END_TEST

START_TEST(after_a_proxy_header_an_early_talker_is_noticed)
{
	char early[sizeof header + 8];

	client_init(&client);
	client_begin(&client);
	ck_assert(mailin_session_expect_proxy(client.session) == MAILIN_OK);
	snprintf(early, sizeof early, "%sEHLO c\r\n", header);
	(void)client_feed(&client, early, strlen(early));
	client_drain(&client);
	client_expect_replies(&client, "220|554 5.5.0");
	client_end(&client);
}
END_TEST

/* A value that is not in the enum is no attribute. */
START_TEST(an_attribute_that_does_not_exist_has_no_value)
{
	static const int rows[] = { MAILIN_ATTRIBUTE_COUNT,
		MAILIN_ATTRIBUTE_COUNT + 1, 1000, -1 };
	size_t i;

	client_init(&client);
	client_set(&client, "extensions", "XCLIENT,XFORWARD");
	client_begin(&client);
	client_greet(&client);
	(void)client_replies(&client);
	client_octets(&client,
	    SPAN("XFORWARD NAME=c.example ADDR=192.0.2.1\r\n"));
	ck_assert(mailin_session_attribute(client.session, MAILIN_VERB_XFORWARD,
		      (enum mailin_attribute)0)
		      .ptr != NULL);
	for (i = 0; i < ROWS(rows); i++)
		ck_assert_ptr_null(mailin_session_attribute(client.session,
		    MAILIN_VERB_XFORWARD, (enum mailin_attribute)rows[i])
				       .ptr);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_attribute_that_does_not_exist_has_no_value,
		xclient_changes_who_the_client_is,
		xclient_is_502_if_it_is_not_offered,
		xforward_is_kept_for_one_transaction,
		xclient_may_be_offered_to_whom_a_proxy_header_names,
		xclient_may_be_offered_until_connect_is_decided,
		a_proxy_header_tells_the_peer_before_the_greeting,
		a_bad_proxy_header_closes_without_a_reply,
		after_a_proxy_header_an_early_talker_is_noticed,
	};

	return suite_run("proxied", tests, ROWS(tests));
}
