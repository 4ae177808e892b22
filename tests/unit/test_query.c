/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The queries of a session, and callbacks that a handler may omit. */
#include <stdio.h>
#include <string.h>

#include "support/stage.h"

static struct client client;

/* ---- The protocol: RFC 3848, RFC 6531 4.3 -------------------------------- */

static const char *const keywords[2][8] = {
	{ "ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA", "UTF8SMTP", "UTF8SMTPA",
	    "UTF8SMTPS", "UTF8SMTPSA" },
	{ "LMTP", "LMTPA", "LMTPS", "LMTPSA", "UTF8LMTP", "UTF8LMTPA",
	    "UTF8LMTPS", "UTF8LMTPSA" },
};

static void
check_keyword(bool lmtp, int index)
{
	static const struct mailin_tls tls = { .version = TEXT("TLSv1.3") };

	client_init(&client);
	client_set(&client, "protocol", lmtp ? "lmtp" : "smtp");
	client_set(&client, "extensions",
	    "ENHANCEDSTATUSCODES,8BITMIME,SMTPUTF8");
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client_begin(&client);
	if (index & 2)
		mailin_session_tls_started(client.session, &tls);
	client_greet(&client);
	if (index & 1)
		client_expect(&client, "AUTH PLAIN AHUAcA==", "235 2.7.0");
	client_expect(&client,
	    index & 4 ? "MAIL FROM:<a@b> SMTPUTF8" : "MAIL FROM:<a@b>",
	    "250 2.1.0");
	ck_assert_str_eq(mailin_session_protocol(client.session),
	    keywords[lmtp][index]);
	client_expect(&client, "RSET", "250 2.0.0");
	ck_assert_str_eq(mailin_session_protocol(client.session),
	    keywords[lmtp][index & 3]);
	client_end(&client);
}

START_TEST(the_protocol_has_the_keyword_of_rfc_3848)
{
	int index;

	for (index = 0; index < 8; index++) {
		check_keyword(false, index);
		check_keyword(true, index);
	}
	client_init(&client);
	client_begin(&client);
	client_expect(&client, "HELO c", "250");
	ck_assert_str_eq(mailin_session_protocol(client.session), "SMTP");
	client_end(&client);
}
END_TEST

START_TEST(a_mail_that_was_not_decided_leaves_no_trace_in_it)
{
	client_init(&client);
	client_set(&client, "extensions", "8BITMIME,SMTPUTF8");
	client.answers[ON_MAIL] = MAILIN_REPLY_PENDING;
	client_begin(&client);
	client_greet(&client);
	client_lines(&client, "MAIL FROM:<a@b> SMTPUTF8\r\n");
	ck_assert_str_eq(mailin_session_protocol(client.session), "UTF8SMTP");
	mailin_session_abort(client.session, MAILIN_CLOSE_ABORT);
	ck_assert_str_eq(mailin_session_protocol(client.session), "ESMTP");
	client_end(&client);
}
END_TEST

/* ---- HELO, MAIL, RCPT ---------------------------------------------------- */

START_TEST(the_greeting_can_be_asked_for)
{
	struct mailin_helo helo;

	client_init(&client);
	client_set(&client, "syntax", "relaxed");
	client_begin(&client);
	ck_assert_int_eq(mailin_session_helo(client.session, &helo),
	    MAILIN_VERB_UNKNOWN);
	ck_assert_ptr_null(helo.domain.ptr);
	ck_assert_int_eq(helo.domain_kind, MAILIN_DOMAIN_NONE);
	client_expect_replies(&client, "220");
	client_expect(&client, "HELO [192.0.2.1]", "250");
	ck_assert_int_eq(mailin_session_helo(client.session, NULL),
	    MAILIN_VERB_HELO);
	client_expect(&client, "EHLO no name", "250");
	ck_assert_int_eq(mailin_session_helo(client.session, &helo),
	    MAILIN_VERB_EHLO);
	ck_assert(mailin_span_equal(helo.domain, "no name"));
	ck_assert_int_eq(helo.domain_kind, MAILIN_DOMAIN_OTHER);
	client.answers[ON_HELO] = MAILIN_REPLY_REFUSED;
	client_expect(&client, "HELO other", "550");
	ck_assert_int_eq(mailin_session_helo(client.session, &helo),
	    MAILIN_VERB_EHLO);
	ck_assert(mailin_span_equal(helo.domain, "no name"));
	client_end(&client);
}
END_TEST

/* A program can query the envelope after the octets that were fed are gone, so
 * the session must have its own copy. */
START_TEST(the_envelope_can_be_asked_for)
{
	struct mailin_mail mail;
	struct mailin_rcpt rcpt;

	client_init(&client);
	client_set(&client, "extensions", "DSN,ENHANCEDSTATUSCODES");
	client_begin(&client);
	client_greet(&client);
	client_expect(&client, "MAIL FROM:<@r:a@b> SIZE=12 RET=HDRS",
	    "250 2.1.0");
	client_expect(&client, "RCPT TO:<c@d> NOTIFY=NEVER", "250 2.1.5");
	client_expect(&client, "RCPT TO:<e@f> ORCPT=rfc822;x+2By", "250 2.1.5");
	ck_assert(mailin_session_mail(client.session, &mail));
	ck_assert(mailin_span_equal(mail.path.local, "a"));
	ck_assert(mailin_span_equal(mail.path.route, "@r"));
	ck_assert_uint_eq(mail.size, 12);
	ck_assert_int_eq(mail.ret, MAILIN_RET_HDRS);
	ck_assert_uint_eq(mailin_session_rcpt_count(client.session), 2);
	ck_assert(mailin_session_rcpt(client.session, 0, &rcpt));
	ck_assert_uint_eq(rcpt.notify, MAILIN_NOTIFY_NEVER);
	ck_assert(mailin_session_rcpt(client.session, 1, &rcpt));
	ck_assert(mailin_span_equal(rcpt.orcpt, "x+2By"));
	ck_assert(!mailin_session_rcpt(client.session, 2, &rcpt));
	ck_assert(!mailin_session_rcpt(client.session, SIZE_MAX, &rcpt));
	ck_assert_ptr_eq(mailin_session_config(client.session), client.config);
	ck_assert_ptr_eq(mailin_session_user(client.session), &client);
	client_end(&client);
}
END_TEST

/* ---- The command being decided ------------------------------------------- */

/* clang-format off */
static const enum mailin_verb decided[ON_DECISIONS] = {
	[ON_HELO] = MAILIN_VERB_EHLO, [ON_STARTTLS] = MAILIN_VERB_STARTTLS,
	[ON_MAIL] = MAILIN_VERB_MAIL, [ON_RCPT] = MAILIN_VERB_RCPT,
	[ON_VRFY] = MAILIN_VERB_VRFY, [ON_EXPN] = MAILIN_VERB_EXPN,
	[ON_HELP] = MAILIN_VERB_HELP, [ON_ETRN] = MAILIN_VERB_ETRN,
	[ON_BURL] = MAILIN_VERB_BURL, [ON_XCLIENT] = MAILIN_VERB_XCLIENT,
	[ON_VERB] = MAILIN_VERB_UNKNOWN,
};
/* clang-format on */

static bool
has_command(enum on on)
{
	return on != ON_COUNT && on != ON_CONNECT && on != ON_AUTH &&
	    on != ON_SASL && on != ON_DATA && on != ON_DATA_END;
}

/* mailin_session_command returns no command while the decision is about AUTH, a
 * message, or its end. */
static void
check_command(const struct stage *stage)
{
	struct mailin_command command;
	bool is_one = mailin_session_command(client.session, &command);
	enum on on = stage->pending;

	HOLDS(stage, is_one == has_command(on));
	if (!is_one)
		return;
	if (on == ON_DATA_START)
		HOLDS(stage,
		    command.verb == MAILIN_VERB_DATA ||
			command.verb == MAILIN_VERB_BDAT ||
			command.verb == MAILIN_VERB_BURL);
	else if (on == ON_PARAMETER)
		HOLDS(stage,
		    command.verb == MAILIN_VERB_MAIL ||
			command.verb == MAILIN_VERB_RCPT);
	else
		HOLDS(stage, command.verb == decided[on]);
	HOLDS(stage,
	    command.verb != MAILIN_VERB_RCPT ||
		mailin_span_equal(command.rcpt.path.domain, "d.example"));
	HOLDS(stage,
	    command.verb != MAILIN_VERB_ETRN ||
		mailin_span_equal(command.text.text, "d.example"));
}

START_TEST(the_command_under_decision_can_be_asked_for)
{
	stage_each(&client, check_command);
}
END_TEST

/* ---- Facts --------------------------------------------------------------- */

START_TEST(facts_grow_with_the_message)
{
	struct mailin_facts facts;

	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	facts = mailin_session_facts(client.session);
	ck_assert_uint_eq(facts.octets, 0);
	client_octets(&client, SPAN("..x\r\n"));
	facts = mailin_session_facts(client.session);
	ck_assert_uint_eq(facts.octets, 4);
	ck_assert(!facts.eight_bit && !facts.nul && !facts.bare_lf);
	client_octets(&client, SPAN("\x80\0\n"));
	facts = mailin_session_facts(client.session);
	ck_assert_uint_eq(facts.octets, 8);
	ck_assert(facts.eight_bit && facts.nul && facts.bare_lf &&
	    !facts.bare_cr && !facts.long_line);
	client_octets(&client, SPAN("\r.\r\n"));
	facts = mailin_session_facts(client.session);
	ck_assert(facts.bare_cr);
	ck_assert_uint_eq(facts.octets, 12);
	client_end(&client);
}
END_TEST

/* ---- A handler without some callbacks ------------------------------------ */

struct default_row {
	const char *lines;
	const char *replies; /* the reply to the last line */
};

/* The default of each callback, as handler.h says. */
static const struct default_row defaults[] = {
	{ "EHLO c\r\n", "250" },
	{ "EHLO c\r\nSTARTTLS\r\n", "220 2.0.0" },
	{ "EHLO c\r\nAUTH PLAIN AHUAcA==\r\n", "535 5.7.8" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\n", "250 2.1.0" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", "550 5.7.1" },
	{ "EHLO c\r\nVRFY a\r\n", "252 2.0.0" },
	{ "EHLO c\r\nEXPN a\r\n", "502 5.5.1" },
	{ "EHLO c\r\nHELP\r\n", "214 2.0.0" },
	{ "EHLO c\r\nETRN a\r\n", "502 5.5.1" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRSET\r\n", "250 2.0.0" },
	{ "EHLO c\r\nQUIT\r\n", "221 2.0.0" },
};

/* Returns the last reply; before it come the greeting and the replies to
 * earlier lines. */
static const char *
last_reply(const char *replies)
{
	const char *bar = strrchr(replies, '|');

	return bar != NULL ? bar + 1 : replies;
}

static void
check_defaults(const struct mailin_handler *handler)
{
	size_t i;

	for (i = 0; i < ROWS(defaults); i++) {
		stage_open(&stages[0], &client);
		mailin_session_free(client.session);
		(void)client_log(&client);
		memcpy(&client.handler, handler, handler->size);
		client_begin(&client);
		client_lines(&client, defaults[i].lines);
		ck_assert_msg(strcmp(last_reply(client_replies(&client)),
				  defaults[i].replies) == 0,
		    "%s", defaults[i].lines);
		client_expect_log(&client, "");
		client_end(&client);
	}
}

START_TEST(a_callback_that_is_missing_has_a_safe_default)
{
	static const struct mailin_handler handler = { .size = sizeof handler };

	check_defaults(&handler);
}
END_TEST

/* A program may have been compiled when "size" was the only member of the
 * struct.  Octets after "size" then do not belong to the handler. */
START_TEST(a_callback_beyond_the_size_is_not_called)
{
	static const struct mailin_handler handler = {
		.size = sizeof handler.size
	};

	check_defaults(&handler);
}
END_TEST

/* Cut the struct before each callback: the callbacks before the cut are
 * called, the others are not. */
START_TEST(an_older_handler_has_the_callbacks_of_its_time)
{
	static const char lines[] = "EHLO c\r\nMAIL FROM:<a@b>\r\n"
				    "RCPT TO:<c@d>\r\nQUIT\r\n";

	client_init(&client);
	client.handler.size = offsetof(struct mailin_handler, rcpt);
	client_begin(&client);
	client_lines(&client, lines);
	client_expect_replies(&client, "220|250|250 2.1.0|550 5.7.1|221 2.0.0");
	client_expect_log(&client, "connect\nhelo EHLO c\nmail a@b");
	client_end(&client);
	/* If "size" ends inside a pointer, this pointer is not used. */
	client_init(&client);
	client.handler.size = offsetof(struct mailin_handler, mail) + 1;
	client_begin(&client);
	client_lines(&client, lines);
	client_expect_log(&client, "connect\nhelo EHLO c");
	client_end(&client);
	/* Give the session a handler that is newer than the library. */
	client_init(&client);
	client.handler.size = sizeof client.handler + 64;
	client_begin(&client);
	client_lines(&client, lines);
	client_expect_log(&client,
	    "connect\nhelo EHLO c\nmail a@b\n"
	    "rcpt c@d\nreset CLOSED\nclose QUIT");
	client_end(&client);
}
END_TEST

/* Without the callback "data", a message is refused. */
START_TEST(without_a_data_callback_no_message_is_taken)
{
	client_init(&client);
	client.handler.data = NULL;
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	client_expect(&client, "x\r\n.", "451 4.3.0");
	client_envelope(&client, 1);
	client_expect(&client, "BDAT 5 LAST\r\nabc", "451 4.3.0");
	client_end(&client);
}
END_TEST

/* A reply may be a text that is not a format.  It may contain NUL, and has the
 * same limit of length. */
START_TEST(a_reply_may_be_a_text)
{
	static char big[4000];
	const struct {
		int code;
		struct mailin_span text;
		enum mailin_reply reply;
		const char *line;
	} rows[] = {
		{ 550, { "%s%n", 4 }, MAILIN_REPLY_CUSTOM, "550 5.7.1 %s%n" },
		{ 550, { "no\r\n250 ok", 2 }, MAILIN_REPLY_CUSTOM,
		    "550 5.7.1 no" },
		{ 550, { "a\rb\0c", 5 }, MAILIN_REPLY_CUSTOM,
		    "550 5.7.1 a?b?c" },
		{ 550, { NULL, 0 }, MAILIN_REPLY_CUSTOM, "550 5.7.1" },
		{ 550, { NULL, 3 }, MAILIN_REPLY_FAILED, "554 5.0.0" },
		{ 250, { NULL, 3 }, MAILIN_REPLY_OK, "250 2.1.0" },
		{ 334, { "x", 1 }, MAILIN_REPLY_INTERNAL_ERROR, "451" },
		{ 600, { "x", 1 }, MAILIN_REPLY_INTERNAL_ERROR, "451" },
		{ 550, { big, sizeof big }, MAILIN_REPLY_CUSTOM, "550-5.7.1" }
	};
	size_t before, i;

	memset(big, 'x', sizeof big);
	for (i = 0; i < ROWS(rows); i++) {
		enum mailin_reply reply;

		client_init(&client);
		client_begin(&client);
		client_greet(&client);
		client.answers[ON_MAIL] = MAILIN_REPLY_PENDING;
		client_expect(&client, "MAIL FROM:<a@b>", "");
		reply = mailin_session_reply_text(client.session, rows[i].code,
		    "5.7.1", rows[i].text);
		ck_assert_int_eq(reply, rows[i].reply);
		ck_assert_int_eq(mailin_session_resume(client.session,
				     mailin_session_decision(client.session),
				     reply),
		    MAILIN_OK);
		before = client.out.len;
		client_drain(&client);
		ck_assert_msg(client.out.len > before + strlen(rows[i].line) &&
			memcmp(client.out.octets + before, rows[i].line,
			    strlen(rows[i].line)) == 0,
		    "%s", rows[i].line);
		client_end(&client);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { the_protocol_has_the_keyword_of_rfc_3848,
		a_mail_that_was_not_decided_leaves_no_trace_in_it,
		the_greeting_can_be_asked_for, the_envelope_can_be_asked_for,
		the_command_under_decision_can_be_asked_for,
		facts_grow_with_the_message,
		a_callback_that_is_missing_has_a_safe_default,
		a_callback_beyond_the_size_is_not_called,
		an_older_handler_has_the_callbacks_of_its_time,
		without_a_data_callback_no_message_is_taken,
		a_reply_may_be_a_text };

	return suite_run("query", tests, ROWS(tests));
}
