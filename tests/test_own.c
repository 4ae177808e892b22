/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client.h"

/* What a program adds to the language, and what stands in front of it: own
 * verbs, parameters, keywords; BURL, LIMITS; XCLIENT, XFORWARD, PROXY. */

static struct client client;
static enum mailin_reply answer;
static char seen[256];

static void
note(const char *what, struct mailin_span one, struct mailin_span two)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof seen - len, "%s %.*s %.*s|", what,
	    (int)one.len, one.len > 0 ? one.ptr : "",
	    (int)two.len, two.len > 0 ? two.ptr : "");
}

static void
begin(void)
{
	client_init(&client);
	answer = MAILIN_REPLY_OK;
	seen[0] = '\0';
}

static void
greet(void)
{
	client_begin(&client);
	client_greet(&client);
	(void)client_replies(&client);
}

static enum mailin_reply
on_verb(struct mailin_session *session, const struct mailin_unknown *command,
    void *user)
{
	(void)session;
	(void)user;
	note("verb", command->verb, command->text);
	return answer;
}

static enum mailin_reply
on_parameter(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span keyword, struct mailin_span value, void *user)
{
	(void)session;
	(void)user;
	note(mailin_verb_name(verb), keyword, value);
	return answer;
}

START_TEST(an_unknown_verb_may_be_the_programs_own)
{
	begin();
	client.handler.unknown_verb = on_verb;
	greet();
	client_expect(&client, "XPING a b", "250 2.0.0");
	ck_assert_str_eq(seen, "verb XPING  a b|");
	answer = MAILIN_REPLY_UNKNOWN_VERB;
	client_expect(&client, "XPONG", "500 5.5.2");
	answer = MAILIN_REPLY_PENDING;
	client_octets(&client, SPAN("XPENDING\r\n"));
	ck_assert(mailin_session_want(client.session) ==
	    MAILIN_WANT_DECISION);
	ck_assert(mailin_session_resume(client.session,
	    mailin_session_decision(client.session), MAILIN_REPLY_OK) ==
	    MAILIN_OK);
	client_drain(&client);
	client_expect_replies(&client, "250 2.0.0");
	client_end(&client);
}
END_TEST

START_TEST(each_unknown_parameter_is_asked_for_in_turn)
{
	begin();
	client.handler.unknown_parameter = on_parameter;
	greet();
	client_expect(&client, "MAIL FROM:<a@b.example> XA=1 SIZE=5 XB",
	    "250 2.1.0");
	ck_assert_str_eq(seen, "MAIL XA 1|MAIL XB |");
	answer = MAILIN_REPLY_BAD_PARAMETER;
	client_expect(&client, "RCPT TO:<c@d.example> XC=2", "555 5.5.4");
	answer = MAILIN_REPLY_OK;
	client_expect(&client, "RCPT TO:<c@d.example> SIZE=1", "555 5.5.4");
	client_expect(&client, "RCPT TO:<c@d.example> XD xd=1", "501 5.5.4");
	client_end(&client);
}
END_TEST

/* Any of them may be answered later, and the client may be gone by then. */
START_TEST(a_parameter_may_be_decided_later)
{
	uint64_t token;

	begin();
	client.handler.unknown_parameter = on_parameter;
	greet();
	answer = MAILIN_REPLY_PENDING;
	client_octets(&client, SPAN("MAIL FROM:<a@b.example> XA=1 XB\r\n"));
	token = mailin_session_decision(client.session);
	ck_assert(mailin_session_resume(client.session, token,
	    MAILIN_REPLY_OK) == MAILIN_OK);
	ck_assert(mailin_session_resume(client.session, token,
	    MAILIN_REPLY_OK) == MAILIN_ERROR_STALE);
	ck_assert_str_eq(seen, "MAIL XA 1|MAIL XB |");
	token = mailin_session_decision(client.session);
	ck_assert(mailin_session_abort(client.session) == MAILIN_OK);
	ck_assert(mailin_session_resume(client.session, token,
	    MAILIN_REPLY_OK) == MAILIN_ERROR_STALE);
	client_end(&client);
}
END_TEST

static enum mailin_reply
on_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)verb;
	(void)helo;
	(void)user;
	ck_assert(mailin_session_ehlo_keyword(session, "XONE", "a b") ==
	    MAILIN_OK);
	ck_assert(mailin_session_ehlo_keyword(session, "SIZE", "7") ==
	    MAILIN_OK);
	ck_assert(mailin_session_ehlo_keyword(session, "X ONE", "") ==
	    MAILIN_ERROR_SYNTAX);
	ck_assert(mailin_session_ehlo_keyword(session, "X", "a\r\n250 b") ==
	    MAILIN_ERROR_SYNTAX);
	return MAILIN_REPLY_OK;
}

START_TEST(keywords_of_the_program_stand_in_the_reply_to_ehlo)
{
	begin();
	client.handler.helo = on_helo;
	client_begin(&client);
	ck_assert(mailin_session_ehlo_keyword(client.session, "XTWO", "") ==
	    MAILIN_ERROR_STATE);
	client_drain(&client);
	client_octets(&client, SPAN("EHLO c.example.org\r\n"));
	ck_assert(strstr(client.out.octets, "XONE a b\r\n") != NULL);
	ck_assert(strstr(client.out.octets, "SIZE 7\r\n") != NULL);
	ck_assert(strstr(client.out.octets, "SIZE\r\n") == NULL);
	client_end(&client);
}
END_TEST

START_TEST(limits_are_advertised_as_they_are_enforced)
{
	begin();
	client_set(&client, "extensions", "LIMITS,ENHANCEDSTATUSCODES");
	client_set(&client, "recipients", "3");
	client_set(&client, "transactions", "2");
	client_set(&client, "rcpt-domains", "2");
	greet();
	ck_assert(strstr(client.out.octets,
	    "LIMITS RCPTMAX=3 MAILMAX=2 RCPTDOMAINMAX=2\r\n") != NULL);
	client_expect(&client, "MAIL FROM:<a@b.example>", "250 2.1.0");
	client_expect(&client, "RCPT TO:<c@one.example>", "250 2.1.5");
	client_expect(&client, "RCPT TO:<c@two.example>", "250 2.1.5");
	client_expect(&client, "RCPT TO:<c@three.example>", "452 4.5.3");
	client_expect(&client, "RCPT TO:<d@ONE.example>", "250 2.1.5");
	client_expect(&client, "RCPT TO:<e@one.example>", "452 4.5.3");
	client_expect(&client, "RSET", "250 2.0.0");
	client_expect(&client, "MAIL FROM:<a@b.example>", "250 2.1.0");
	client_expect(&client, "RSET", "250 2.0.0");
	client_expect(&client, "MAIL FROM:<a@b.example>", "421 4.7.0");
	client_end(&client);
}
END_TEST

static enum mailin_reply
on_burl(struct mailin_session *session, const struct mailin_burl *burl,
    void *user)
{
	(void)session;
	(void)user;
	note(burl->last ? "last" : "more", burl->uri,
	    (struct mailin_span){ NULL, 0 });
	return answer;
}

START_TEST(burl_is_fetched_by_the_program)
{
	begin();
	client_set(&client, "extensions",
	    "CHUNKING,BURL,ENHANCEDSTATUSCODES");
	client.handler.burl = on_burl;
	client_begin(&client);
	client_greet(&client);
	client_expect(&client, "BURL imap://x/y LAST", "503 5.5.1");
	client_envelope(&client, 1);
	(void)client_replies(&client);
	(void)client_log(&client);
	client_expect(&client, "BURL imap://x/y;uid=1", "250 2.0.0");
	client_octets(&client, SPAN("BDAT 2\r\nab"));
	client_expect_replies(&client, "250 2.0.0");
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "BURL imap://x/z LAST", "250 2.0.0");
	ck_assert_str_eq(seen, "more imap://x/y;uid=1 |last imap://x/z |");
	ck_assert_str_eq(client_log(&client),
	    "data_start\ndata ab\ndata_end");
	client_end(&client);
}
END_TEST

START_TEST(a_burl_that_cannot_be_fetched_refuses_the_message)
{
	begin();
	client_set(&client, "extensions",
	    "CHUNKING,BURL,ENHANCEDSTATUSCODES");
	client.handler.burl = on_burl;
	greet();
	client_envelope(&client, 1);
	(void)client_replies(&client);
	answer = MAILIN_REPLY_FAILED;
	client_expect(&client, "BURL imap://x/y", "554 5.0.0");
	client_octets(&client, SPAN("BDAT 2 LAST\r\nab"));
	client_expect_replies(&client, "554 5.0.0");
	client_expect(&client, "BDAT 0 LAST", "503 5.5.1");
	client_end(&client);
}
END_TEST

static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	(void)session, (void)verb, (void)attributes, (void)user;
	return answer;
}

/* XCLIENT_README: only where it is offered, never in a transaction; the reply
 * is a greeting, and the client begins again as somebody else. */
START_TEST(xclient_changes_who_the_client_is)
{
	const struct mailin_peer *peer;

	begin();
	client.handler.xclient = on_xclient;
	client_begin(&client);
	ck_assert(mailin_session_set_extension(client.session,
	    MAILIN_EXTENSION_XCLIENT, true) == MAILIN_OK);
	client_greet(&client);
	(void)client_replies(&client);
	answer = MAILIN_REPLY_REFUSED;
	client_expect(&client, "XCLIENT ADDR=192.0.2.9", "550 5.7.1");
	ck_assert(mailin_session_peer(client.session) == NULL);
	answer = MAILIN_REPLY_OK;
	client_expect(&client,
	    "XCLIENT ADDR=IPV6:2001:db8::1 NAME=spike.example PORT=25 "
	    "LOGIN=bob+2Bx", "220");
	peer = mailin_session_peer(client.session);
	ck_assert(mailin_span_equal(peer->address, "2001:db8::1"));
	ck_assert(mailin_span_equal(peer->name, "spike.example"));
	ck_assert_uint_eq(peer->port, 25);
	ck_assert(mailin_span_equal(mailin_session_identity(client.session),
	    "bob+x"));
	client_expect(&client, "MAIL FROM:<a@b.example>", "503 5.5.1");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "XCLIENT NAME=[UNAVAILABLE] LOGIN="
	    "[UNAVAILABLE]", "220");
	ck_assert(mailin_session_identity(client.session).ptr == NULL);
	client_expect(&client, "XCLIENT ADDR=junk", "501 5.5.4");
	client_expect(&client, "XCLIENT ADDR=2001:db8::1", "501 5.5.4");
	client_expect(&client, "XCLIENT ADDR=[UNAVAILABLE]", "220");
	ck_assert(mailin_session_peer(client.session)->address.ptr == NULL);
	client_expect(&client, "XCLIENT NAME=a NAME=b", "501 5.5.4");
	client_expect(&client, "XCLIENT NAME=a+0D", "501 5.5.4");
	client_greet(&client);
	(void)client_replies(&client);
	client_expect(&client, "MAIL FROM:<a@b.example>", "250 2.1.0");
	client_expect(&client, "XCLIENT NAME=a", "503 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(xclient_is_502_where_it_is_not_offered)
{
	begin();
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

	begin();
	client_set(&client, "extensions", "XFORWARD,ENHANCEDSTATUSCODES");
	client.handler.xclient = on_xclient;
	greet();
	client_expect(&client, "XFORWARD NAME=a ADDR=192.0.2.1", "250 2.0.0");
	client_expect(&client, "XFORWARD SOURCE=LOCAL", "250 2.0.0");
	name = mailin_session_attribute(client.session, MAILIN_VERB_XFORWARD,
	    MAILIN_ATTRIBUTE_NAME);
	ck_assert(mailin_span_equal(name, "a"));
	ck_assert(mailin_session_attribute(client.session,
	    MAILIN_VERB_XCLIENT, MAILIN_ATTRIBUTE_NAME).ptr == NULL);
	client_expect(&client, "XFORWARD LOGIN=a", "501 5.5.4");
	client_expect(&client, "RSET", "250 2.0.0");
	ck_assert(mailin_session_attribute(client.session,
	    MAILIN_VERB_XFORWARD, MAILIN_ATTRIBUTE_NAME).ptr == NULL);
	client_end(&client);
}
END_TEST

static const char header[] = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 25\r\n";

START_TEST(a_proxy_header_tells_the_peer_before_the_greeting)
{
	size_t cut;

	for (cut = 1; cut < sizeof header - 1; cut++) {
		begin();
		client_begin(&client);
		ck_assert(mailin_session_expect_proxy(client.session) ==
		    MAILIN_OK);
		ck_assert(mailin_session_output(client.session).len == 0);
		ck_assert_uint_eq(client_feed(&client, header, cut),
		    cut);
		ck_assert_uint_eq(client_feed(&client, header + cut,
		    sizeof header - 1 - cut), sizeof header - 1 - cut);
		client_drain(&client);
		client_expect_replies(&client, "220");
		ck_assert(mailin_span_equal(
		    mailin_session_peer(client.session)->address,
		    "192.0.2.1"));
		ck_assert(mailin_session_proxy(client.session) != NULL);
		client_expect(&client, "NOOP", "250 2.0.0");
		client_end(&client);
	}
}
END_TEST

START_TEST(a_bad_proxy_header_closes_without_a_word)
{
	begin();
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

START_TEST(behind_a_proxy_header_an_early_talker_is_one)
{
	char early[sizeof header + 8];

	begin();
	client_begin(&client);
	ck_assert(mailin_session_expect_proxy(client.session) == MAILIN_OK);
	snprintf(early, sizeof early, "%sEHLO c\r\n", header);
	(void)client_feed(&client, early, strlen(early));
	client_drain(&client);
	client_expect_replies(&client, "220|554 5.5.0");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		an_unknown_verb_may_be_the_programs_own,
		each_unknown_parameter_is_asked_for_in_turn,
		a_parameter_may_be_decided_later,
		keywords_of_the_program_stand_in_the_reply_to_ehlo,
		limits_are_advertised_as_they_are_enforced,
		burl_is_fetched_by_the_program,
		a_burl_that_cannot_be_fetched_refuses_the_message,
		xclient_changes_who_the_client_is,
		xclient_is_502_where_it_is_not_offered,
		xforward_is_kept_for_one_transaction,
		a_proxy_header_tells_the_peer_before_the_greeting,
		a_bad_proxy_header_closes_without_a_word,
		behind_a_proxy_header_an_early_talker_is_one,
	};

	return suite_run("own", tests, ROWS(tests));
}
