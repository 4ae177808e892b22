/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

/* A proxy is trusted only until the octets of its client begin (property 54).
 * Tests the peer that XCLIENT names, before and after the decision on
 * XCLIENT. */

static struct client client;

static void
begin_with_proxy(void)
{
	static const struct mailin_peer proxy = { .address = TEXT(
						      "::ffff:192.0.2.2"),
		.port = 54321,
		.name = TEXT("proxy.example.org"),
		.local_address = TEXT("2001:DB8::25"),
		.local_port = 25 };

	client_init(&client);
	client_set(&client, "extensions",
	    "XCLIENT,XFORWARD,ENHANCEDSTATUSCODES");
	client_begin(&client);
	ck_assert(mailin_session_set_peer(client.session, &proxy) == MAILIN_OK);
	client_greet(&client);
	(void)client_replies(&client);
}

/* "expected" has the form "NAME ADDRESS PORT LOCAL-ADDRESS LOCAL-PORT". */
static void
expect_peer(const struct mailin_peer *peer, const char *expected)
{
	char text[200];

	snprintf(text, sizeof text, "%.*s %.*s %u %.*s %u", (int)peer->name.len,
	    peer->name.len > 0 ? peer->name.ptr : "", (int)peer->address.len,
	    peer->address.len > 0 ? peer->address.ptr : "", peer->port,
	    (int)peer->local_address.len, peer->local_address.ptr,
	    peer->local_port);
	ck_assert_str_eq(text, expected);
}

/* A new address has its own name and port, or no name and port, but never those
 * of the proxy (threats V51 and V55). */
START_TEST(a_new_address_has_not_the_name_of_the_old)
{
	static const char *const rows[][2] = {
		{ "PORT=99", "proxy.example.org 192.0.2.2 99 2001:db8::25 25" },
		{ "NAME=c.example",
		    "c.example 192.0.2.2 54321 2001:db8::25 "
		    "25" },
		{ "ADDR=192.0.2.9", " 192.0.2.9 0 2001:db8::25 25" },
		{ "ADDR=192.0.2.2", " 192.0.2.2 0 2001:db8::25 25" },
		{ "ADDR=[UNAVAILABLE]", "  0 2001:db8::25 25" },
		{ "ADDR=192.0.2.9 NAME=[TEMPUNAVAIL]",
		    " 192.0.2.9 0 2001:db8::25 25" },
		{ "PORT=7 NAME=c.example ADDR=IPV6:::FFFF:c000:209",
		    "c.example 192.0.2.9 7 2001:db8::25 25" },
		{ "DESTADDR=IPV6:0:0:0:0:0:ffff:192.0.2.1 DESTPORT=26",
		    "proxy.example.org 192.0.2.2 54321 192.0.2.1 26" },
		{ "DESTADDR=IPV6:::1 ADDR=192.0.2.9", " 192.0.2.9 0 ::1 25" },
	};
	char line[200];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		begin_with_proxy();
		expect_peer(mailin_session_peer(client.session),
		    "proxy.example.org 192.0.2.2 54321 2001:db8::25 25");
		snprintf(line, sizeof line, "XCLIENT %s", rows[i][0]);
		client_expect(&client, line, "220");
		expect_peer(mailin_session_peer(client.session), rows[i][1]);
		client_end(&client);
	}
}
END_TEST

/* ---- Commands with only some of the attributes --------------------------- */

static void
offer_again(struct client *c, enum on on)
{
	if (on == ON_XCLIENT && mailin_session_next_peer(c->session) != NULL)
		(void)mailin_session_set_extension(c->session,
		    MAILIN_EXTENSION_XCLIENT, true);
}

/* "expected" has the values of these attributes, in this order: NAME, ADDR,
 * PORT, PROTO, HELO, LOGIN, DESTADDR, DESTPORT, IDENT, SOURCE.  The value of an
 * attribute that is not set is "-". */
static void
expect_attributes(enum mailin_verb verb, const char *line, const char *expected)
{
	char text[400];
	size_t i, len = 0;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++) {
		struct mailin_span value = mailin_session_attribute(
		    client.session, verb, (enum mailin_attribute)i);

		if (value.ptr == NULL)
			value = SPAN("-");
		len += (size_t)snprintf(text + len, sizeof text - len, " %.*s",
		    (int)value.len, value.ptr);
	}
	ck_assert_msg(strcmp(text + 1, expected) == 0, "%s: %s", line,
	    text + 1);
}

/* A line of the client.  After it, mailin_session_attribute(),
 * mailin_session_peer() and mailin_session_identity() must return the other
 * members. */
struct part {
	const char *line, *attributes, *peer, *login;
};

#define ALL_XCLIENT \
	"XCLIENT NAME=one.example ADDR=192.0.2.7 PORT=7 PROTO=ESMTP " \
	"HELO=helo.example LOGIN=alice DESTADDR=192.0.2.8 DESTPORT=8"

/* LOGIN, HELO and PROTO come from the last XCLIENT.  If that command has no
 * value for one of these attributes, the attribute is unset.  A new address
 * removes the old name and the old port.  Everything else stays. */
/* clang-format off */
static const struct part parts[] = {
	{ ALL_XCLIENT,
	    "one.example 192.0.2.7 7 ESMTP helo.example alice 192.0.2.8 8 - -",
	    "one.example 192.0.2.7 7 192.0.2.8 8", "alice" },
	{ "XCLIENT NAME=two.example",
	    "two.example 192.0.2.7 7 - - - 192.0.2.8 8 - -",
	    "two.example 192.0.2.7 7 192.0.2.8 8", "" },
	{ "XCLIENT ADDR=192.0.2.9",
	    "- 192.0.2.9 - - - - 192.0.2.8 8 - -",
	    " 192.0.2.9 0 192.0.2.8 8", "" },
	{ "XCLIENT PORT=9",
	    "one.example 192.0.2.7 9 - - - 192.0.2.8 8 - -",
	    "one.example 192.0.2.7 9 192.0.2.8 8", "" },
	{ "XCLIENT PROTO=SMTP",
	    "one.example 192.0.2.7 7 SMTP - - 192.0.2.8 8 - -",
	    "one.example 192.0.2.7 7 192.0.2.8 8", "" },
	{ "XCLIENT HELO=other",
	    "one.example 192.0.2.7 7 - other - 192.0.2.8 8 - -",
	    "one.example 192.0.2.7 7 192.0.2.8 8", "" },
	{ "XCLIENT LOGIN=bob",
	    "one.example 192.0.2.7 7 - - bob 192.0.2.8 8 - -",
	    "one.example 192.0.2.7 7 192.0.2.8 8", "bob" },
	{ "XCLIENT DESTADDR=192.0.2.6",
	    "one.example 192.0.2.7 7 - - - 192.0.2.6 8 - -",
	    "one.example 192.0.2.7 7 192.0.2.6 8", "" },
	{ "XCLIENT DESTPORT=6",
	    "one.example 192.0.2.7 7 - - - 192.0.2.8 6 - -",
	    "one.example 192.0.2.7 7 192.0.2.8 6", "" },
};
/* clang-format on */

START_TEST(an_xclient_that_tells_a_part_leaves_the_rest)
{
	size_t i;

	for (i = 0; i < ROWS(parts); i++) {
		begin_with_proxy();
		client.hook = offer_again;
		client_expect(&client, ALL_XCLIENT, "220");
		client_expect(&client, parts[i].line, "220");
		expect_attributes(MAILIN_VERB_XCLIENT, parts[i].line,
		    parts[i].attributes);
		expect_peer(mailin_session_peer(client.session), parts[i].peer);
		ck_assert_msg(
		    mailin_span_equal(mailin_session_identity(client.session),
			parts[i].login),
		    "%s", parts[i].line);
		client_end(&client);
	}
}
END_TEST

START_TEST(an_xforward_that_tells_a_part_leaves_the_rest)
{
	static const char *const rows[][2] = {
		{ "NAME=two.example",
		    "two.example 192.0.2.7 7 ESMTP helo.example - - - 1 "
		    "LOCAL" },
		{ "ADDR=192.0.2.9",
		    "one.example 192.0.2.9 7 ESMTP helo.example - - - 1 "
		    "LOCAL" },
		{ "SOURCE=REMOTE",
		    "one.example 192.0.2.7 7 ESMTP helo.example - - - 1 "
		    "REMOTE" },
		{ "IDENT=2 PORT=8",
		    "one.example 192.0.2.7 8 ESMTP helo.example - - - 2 "
		    "LOCAL" },
	};
	char line[100];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		begin_with_proxy();
		client_expect(&client,
		    "XFORWARD NAME=one.example ADDR=192.0.2.7 PORT=7 "
		    "PROTO=ESMTP HELO=helo.example IDENT=1 SOURCE=LOCAL",
		    "250 2.0.0");
		snprintf(line, sizeof line, "XFORWARD %s", rows[i][0]);
		client_expect(&client, line, "250 2.0.0");
		expect_attributes(MAILIN_VERB_XFORWARD, line, rows[i][1]);
		client_end(&client);
	}
}
END_TEST

/* ---- Before the decision and after it ------------------------------------ */

/* Before the decision on XCLIENT nothing changes, whatever the handler reads or
 * sets. */
static void
expect_undecided(void)
{
	expect_peer(mailin_session_next_peer(client.session),
	    "c.example 192.0.2.9 0 2001:db8::25 25");
	expect_peer(mailin_session_peer(client.session),
	    "proxy.example.org 192.0.2.2 54321 2001:db8::25 25");
	ck_assert(
	    mailin_session_offers(client.session, MAILIN_EXTENSION_XCLIENT));
	ck_assert(mailin_session_attribute(client.session, MAILIN_VERB_XCLIENT,
		      MAILIN_ATTRIBUTE_ADDR)
		      .ptr == NULL);
}

static void
resume(enum mailin_reply reply)
{
	ck_assert(
	    mailin_session_resume(client.session,
		mailin_session_decision(client.session), reply) == MAILIN_OK);
	client_drain(&client);
	ck_assert(mailin_session_next_peer(client.session) == NULL);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_ETRN, true) == MAILIN_ERROR_STATE);
}

START_TEST(a_switch_in_xclient_takes_effect_when_it_is_carried_out)
{
	begin_with_proxy();
	client.answers[ON_XCLIENT] = MAILIN_REPLY_PENDING;
	client_lines(&client, "XCLIENT ADDR=192.0.2.9 NAME=c.example\r\n");
	expect_undecided();
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_COUNT, true) == MAILIN_ERROR_ARGUMENT);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_XFORWARD, true) == MAILIN_OK);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_ETRN, true) == MAILIN_OK);
	expect_undecided();
	resume(MAILIN_REPLY_REFUSED);
	client_expect_replies(&client, "550 5.7.1");
	client_expect(&client, "ETRN example.org", "502 5.5.1");

	client_lines(&client, "XCLIENT ADDR=192.0.2.9 NAME=c.example\r\n");
	expect_undecided();
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_XFORWARD, true) == MAILIN_OK);
	ck_assert(
	    mailin_session_set_extension(client.session,
		MAILIN_EXTENSION_ENHANCEDSTATUSCODES, false) == MAILIN_OK);
	resume(MAILIN_REPLY_OK);
	client_expect_replies(&client, "220");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "XCLIENT ADDR=192.0.2.9", "550");
	client.answers[ON_XCLIENT] = MAILIN_REPLY_OK;
	client_expect(&client, "XFORWARD ADDR=192.0.2.9", "250");
	client_end(&client);
}
END_TEST

/* The attributes of XFORWARD are only for the log.  XFORWARD does not replace
 * the peer. */
START_TEST(xforward_tells_no_next_peer)
{
	begin_with_proxy();
	client.answers[ON_XCLIENT] = MAILIN_REPLY_PENDING;
	client_lines(&client, "XFORWARD ADDR=192.0.2.9\r\n");
	ck_assert(mailin_session_next_peer(client.session) == NULL);
	ck_assert(mailin_session_set_extension(client.session,
		      MAILIN_EXTENSION_ETRN, true) == MAILIN_ERROR_STATE);
	resume(MAILIN_REPLY_OK);
	client_expect_replies(&client, "250 2.0.0");
	client.answers[ON_XCLIENT] = MAILIN_REPLY_OK;
	client_expect(&client, "XCLIENT ADDR=192.0.2.9", "220");
	client_end(&client);
}
END_TEST

/* If the session ends before the decision on XCLIENT, the peer that XCLIENT
 * names is dropped. */
START_TEST(no_peer_is_next_once_the_session_is_closed)
{
	begin_with_proxy();
	client.answers[ON_XCLIENT] = MAILIN_REPLY_PENDING;
	client_lines(&client, "XCLIENT ADDR=192.0.2.9 LOGIN=alice\r\n");
	ck_assert(mailin_session_next_peer(client.session) != NULL);
	ck_assert(mailin_session_abort(client.session, MAILIN_CLOSE_ABORT) ==
	    MAILIN_OK);
	ck_assert(mailin_session_next_peer(client.session) == NULL);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_new_address_has_not_the_name_of_the_old,
		an_xclient_that_tells_a_part_leaves_the_rest,
		an_xforward_that_tells_a_part_leaves_the_rest,
		a_switch_in_xclient_takes_effect_when_it_is_carried_out,
		xforward_tells_no_next_peer,
		no_peer_is_next_once_the_session_is_closed,
	};

	return suite_run("trust", tests, ROWS(tests));
}
