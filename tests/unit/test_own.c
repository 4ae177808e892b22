/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

/* Verbs, parameters and EHLO keywords that a program adds.  BURL and LIMITS are
 * tested here, too. */

static struct client client;
static enum mailin_reply answer;
static char seen[256];

static void
note(const char *what, struct mailin_span one, struct mailin_span two)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof seen - len, "%s %.*s %.*s|", what,
	    (int)one.len, one.len > 0 ? one.ptr : "", (int)two.len,
	    two.len > 0 ? two.ptr : "");
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
	ck_assert(mailin_session_want(client.session) == MAILIN_WANT_DECISION);
	ck_assert(mailin_session_resume(client.session,
		      mailin_session_decision(client.session),
		      MAILIN_REPLY_OK) == MAILIN_OK);
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

/* The decision on a parameter may come even after the client has gone. */
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
	ck_assert(mailin_session_abort(client.session, MAILIN_CLOSE_ABORT) ==
	    MAILIN_OK);
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
	ck_assert(
	    mailin_session_ehlo_keyword(session, "XONE", "a b") == MAILIN_OK);
	ck_assert(
	    mailin_session_ehlo_keyword(session, "SIZE", "7") == MAILIN_OK);
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

/* RFC 5321 4.1.1.1: a keyword begins with a letter or digit. */
static const char *const bad_keywords[] = { "", "-X", "X_Y", "X Y", "X\x80" };

static enum mailin_reply
on_helo_full(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	char parameters[200];
	size_t i;

	(void)verb, (void)helo, (void)user;
	for (i = 0; i < ROWS(bad_keywords); i++)
		ck_assert_msg(mailin_session_ehlo_keyword(session,
				  bad_keywords[i], "") == MAILIN_ERROR_SYNTAX,
		    "%s", bad_keywords[i]);
	ck_assert(mailin_session_ehlo_keyword(session, NULL, "") ==
	    MAILIN_ERROR_ARGUMENT);
	ck_assert(mailin_session_ehlo_keyword(session, "X", NULL) ==
	    MAILIN_ERROR_ARGUMENT);
	ck_assert(
	    mailin_session_ehlo_keyword(session, "AUTH", "X-OWN") == MAILIN_OK);
	ck_assert(
	    mailin_session_ehlo_keyword(session, "X-1-", "") == MAILIN_OK);
	/* With their blanks and line ends, the added lines have 1000 octets,
	 * the most that is allowed. */
	memset(parameters, 'p', sizeof parameters);
	for (i = 1 + 4 + 1 + 5 + 1 + 4; i + 100 <= 1000; i += 100) {
		parameters[100 - 3] = '\0';
		ck_assert(mailin_session_ehlo_keyword(session, "X",
			      parameters) == MAILIN_OK);
		parameters[100 - 3] = 'p';
	}
	parameters[1000 - i - 3 + 1] = '\0';
	ck_assert(mailin_session_ehlo_keyword(session, "X", parameters) ==
	    MAILIN_ERROR_RANGE);
	ck_assert(mailin_session_ehlo_keyword(session, "X", parameters + 1) ==
	    MAILIN_OK);
	return MAILIN_REPLY_OK;
}

START_TEST(keywords_have_a_form_and_a_limit)
{
	begin();
	client.handler.helo = on_helo_full;
	client_set(&client, "tls", "optional");
	client_set(&client, "mechanisms", "PLAIN");
	client_begin(&client);
	client_drain(&client);
	(void)client_replies(&client);
	client_expect(&client, "EHLO c.example.org", "250");
	ck_assert(strstr(client.out.octets, "AUTH X-OWN\r\n") != NULL);
	ck_assert(strstr(client.out.octets, "X-1-\r\n") != NULL);
	/* The program's AUTH line replaces the library's. */
	ck_assert(strstr(client.out.octets, "PLAIN") == NULL);
	client_end(&client);
}
END_TEST

static enum mailin_error keyword_error;
static uint64_t keyword_fails;

static enum mailin_reply
on_helo_starved(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)verb, (void)helo, (void)user;
	heap_fail(&client.heap, keyword_fails, true);
	keyword_error = mailin_session_ehlo_keyword(session, "XONE", "a");
	heap_fail(&client.heap, 0, false);
	return MAILIN_REPLY_OK;
}

/* If there is no memory for a keyword of the program, EHLO does not offer the
 * keyword, and the program gets an error. */
START_TEST(without_memory_there_is_no_keyword)
{
	for (keyword_fails = 1; keyword_fails <= 2; keyword_fails++) {
		begin();
		client.handler.helo = on_helo_starved;
		client_begin(&client);
		client_drain(&client);
		(void)client_replies(&client);
		client_expect(&client, "EHLO c.example.org", "250");
		ck_assert_int_eq(keyword_error, MAILIN_ERROR_MEMORY);
		ck_assert(strstr(client.out.octets, "XONE") == NULL);
		client_end(&client);
	}
}
END_TEST

static enum mailin_reply
on_helo_only(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)helo;
	(void)user;
	ck_assert_int_eq(verb, MAILIN_VERB_HELO);
	ck_assert(mailin_session_ehlo_keyword(session, "XONE", "") ==
	    MAILIN_ERROR_STATE);
	return MAILIN_REPLY_OK;
}

START_TEST(helo_has_no_keywords)
{
	begin();
	client.handler.helo = on_helo_only;
	client_begin(&client);
	client_drain(&client);
	client_expect(&client, "HELO c.example.org", "250");
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
	ck_assert(
	    strstr(client.out.octets,
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
	client_set(&client, "extensions", "CHUNKING,BURL,ENHANCEDSTATUSCODES");
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
	ck_assert_str_eq(client_log(&client), "data_start\ndata ab\ndata_end");
	client_end(&client);
}
END_TEST

START_TEST(a_burl_that_cannot_be_fetched_refuses_the_message)
{
	begin();
	client_set(&client, "extensions", "CHUNKING,BURL,ENHANCEDSTATUSCODES");
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

/* Send BURL, which is refused, and then DATA, which is accepted. */
static void
refuse_once(struct client *c, enum on on)
{
	if (on == ON_RESET)
		c->answers[ON_DATA_START] = MAILIN_REPLY_OK;
}

START_TEST(a_burl_that_was_refused_leaves_no_command_to_ask_for)
{
	static const char lines[] =
	    "BURL imap://x/y\r\nRSET\r\n"
	    "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhello\r\n";
	struct mailin_command command;

	begin();
	client_set(&client, "extensions", "CHUNKING,BURL,ENHANCEDSTATUSCODES");
	client_set(&client, "pipelining", "allow");
	greet();
	client_envelope(&client, 1);
	client.hook = refuse_once;
	client.answers[ON_DATA_START] = MAILIN_REPLY_FAILED;
	client.answers[ON_DATA] = MAILIN_REPLY_PENDING;
	(void)client_feed(&client, lines, sizeof lines - 1);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_DECISION);
	ck_assert(!mailin_session_command(client.session, &command));
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
		keywords_have_a_form_and_a_limit,
		without_memory_there_is_no_keyword,
		helo_has_no_keywords,
		limits_are_advertised_as_they_are_enforced,
		burl_is_fetched_by_the_program,
		a_burl_that_cannot_be_fetched_refuses_the_message,
		a_burl_that_was_refused_leaves_no_command_to_ask_for,
	};

	return suite_run("own", tests, ROWS(tests));
}
