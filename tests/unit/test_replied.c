/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The "replied" callback gets each reply once, with the cause of the reply. */
#include <stdio.h>
#include <string.h>

#include "support/handler_log.h"

static struct client client;
static char told[2000]; /* the replies since the last check */

static const char kinds[][8] = { "connect", "command", "message", "close" };

/* Writes a text such as "command RCPT 550 5.7.1 b@d".  The path is written only
 * for a refused RCPT. */
static void
on_replied(struct mailin_session *session, const struct mailin_outcome *outcome,
    void *user)
{
	struct mailin_command command;
	size_t len = strlen(told);

	(void)user;
	len += (size_t)snprintf(told + len, sizeof told - len, "%s%s %s %d%s%s",
	    len > 0 ? "\n" : "", kinds[outcome->kind],
	    mailin_verb_name(outcome->verb), outcome->code,
	    outcome->enhanced[0] != '\0' ? " " : "", outcome->enhanced);
	if (!mailin_session_command(session, &command))
		return;
	ck_assert_int_eq(command.verb, outcome->verb);
	if (command.verb == MAILIN_VERB_RCPT)
		snprintf(told + len, sizeof told - len, " %.*s@%.*s",
		    (int)command.rcpt.path.local.len,
		    command.rcpt.path.local.ptr,
		    (int)command.rcpt.path.domain.len,
		    command.rcpt.path.domain.ptr);
}

static void
expect_told(const char *replies)
{
	ck_assert_str_eq(told, replies);
	told[0] = '\0';
}

static void
begin(const char *protocol)
{
	client_init(&client);
	client_set(&client, "protocol", protocol);
	client.handler.replied = on_replied;
	client_begin(&client);
	client_drain(&client);
	expect_told("connect ? 220");
}

static void
greeted(const char *protocol)
{
	begin(protocol);
	client_greet(&client);
	(void)client_replies(&client);
	told[0] = '\0';
}

/* Send the octets.  The test fails unless the replies to them are reported as
 * in "log". */
static void
says(const char *octets, const char *log)
{
	client_octets(&client, mailin_span_of(octets));
	expect_told(log);
}

START_TEST(each_reply_is_reported_with_its_command)
{
	begin("smtp");
	says("EHLO c.example\r\n", "command EHLO 250");
	says("HELO c.example\r\n", "command HELO 250");
	says("MAIL FROM:<a@b>\r\nRCPT TO:<b@d>\r\n",
	    "command MAIL 250 2.1.0\ncommand RCPT 250 2.1.5");
	client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
	says("RCPT TO:<c@d>\r\nRCPT TO:<>\r\n",
	    "command RCPT 550 5.1.1 c@d\ncommand RCPT 501 5.1.3 @");
	says("DATA\r\n", "command DATA 354");
	says("a\r\n.\r\n", "message DATA 250 2.0.0");
	says("DATA\r\n", "command DATA 503 5.5.1");
	says("XYZ\r\n", "command ? 500 5.5.2");
	says("QUIT\r\n", "command QUIT 221 2.0.0");
	client_end(&client);
}
END_TEST

/* If a line cannot be read, the reply to it must not name the command before
 * it. */
START_TEST(a_line_that_cannot_be_read_is_no_command)
{
	char line[3000];

	greeted("smtp");
	snprintf(line, sizeof line, "MAIL FROM:<a@b>\r\n%02900d\r\n", 0);
	says(line, "command MAIL 250 2.1.0\ncommand ? 500 5.5.2");
	says("RCPT TO:<c@d>\r\nNOOP\n",
	    "command RCPT 250 2.1.5\ncommand ? 500 5.5.2");
	client_end(&client);
}
END_TEST

static enum mailin_reply
custom(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)rcpt;
	(void)user;
	return mailin_session_reply(session, 452, "4.2.2", "Full\nup");
}

static struct mailin_outcome last;
static char last_text[100];

static void
on_last(struct mailin_session *session, const struct mailin_outcome *outcome,
    void *user)
{
	(void)session;
	(void)user;
	last = *outcome;
	snprintf(last_text, sizeof last_text, "%.*s", (int)outcome->text.len,
	    outcome->text.len > 0 ? outcome->text.ptr : "");
}

START_TEST(a_reply_of_the_program_is_reported_as_it_is)
{
	client_init(&client);
	client.handler.rcpt = custom;
	client.handler.replied = on_last;
	client_begin(&client);
	client_greet(&client);
	ck_assert_int_eq(last.code, 250);
	ck_assert(last.text.ptr == NULL);
	client_expect(&client, "MAIL FROM:<a@b>", "250 2.1.0");
	ck_assert_str_eq(last_text, "Sender OK");
	client_octets(&client, SPAN("RCPT TO:<c@d>\r\n"));
	ck_assert_int_eq(last.code, 452);
	ck_assert_str_eq(last_text, "Full\nup");
	client_end(&client);
}
END_TEST

/* Even if the decision on a command comes later, the "replied" callback can
 * still read the line of the command.  It can never read the line of AUTH. */
START_TEST(a_refusal_that_comes_later_names_its_command)
{
	greeted("smtp");
	says("MAIL FROM:<a@b>\r\n", "command MAIL 250 2.1.0");
	client.answers[ON_RCPT] = MAILIN_REPLY_PENDING;
	says("RCPT TO:<c@d>\r\n", "");
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_RELAY_DENIED),
	    MAILIN_OK);
	expect_told("command RCPT 550 5.7.1 c@d");
	client_end(&client);
}
END_TEST

START_TEST(a_failed_auth_is_reported_without_its_line)
{
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client.handler.replied = on_replied;
	client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
	client_begin(&client);
	client_greet(&client);
	told[0] = '\0';
	says("AUTH PLAIN AGEAYg==\r\n", "command AUTH 535 5.7.8");
	says("AUTH PLAIN\r\n", "command AUTH 334");
	says("AGEAYg==\r\n", "command AUTH 535 5.7.8");
	says("AUTH NONE AGEAYg==\r\n", "command AUTH 504 5.5.4");
	says("AUTH PLAIN AGEAYg\r\n", "command AUTH 501 5.5.2");
	client_end(&client);
}
END_TEST

START_TEST(lmtp_reports_a_reply_for_each_recipient)
{
	greeted("lmtp");
	client_envelope(&client, 2);
	told[0] = '\0';
	says("DATA\r\n", "command DATA 354");
	says("a\r\n.\r\n", "message DATA 250 2.0.0\nmessage DATA 250 2.0.0");
	says("NOOP\r\n", "command NOOP 250 2.0.0");
	client_end(&client);
}
END_TEST

START_TEST(the_librarys_own_end_is_no_reply_to_a_command)
{
	greeted("smtp");
	says("MAIL FROM:<a@b>\r\n", "command MAIL 250 2.1.0");
	ck_assert_int_eq(mailin_session_timed_out(client.session), MAILIN_OK);
	expect_told("close ? 421 4.4.2");
	client_end(&client);
	greeted("smtp");
	ck_assert_int_eq(mailin_session_shutdown(client.session), MAILIN_OK);
	expect_told("close ? 421 4.3.2");
	client_end(&client);
	greeted("smtp");
	(void)client_feed(&client, "NOOP\r\nNOOP\r\n", 12);
	expect_told("command NOOP 250 2.0.0\nclose ? 554 5.5.0");
	client_end(&client);
}
END_TEST

/* A command that exceeds a limit ends the session.  The last reply of the
 * session is reported as the reply to this command. */
START_TEST(a_limit_is_a_reply_to_the_command_that_exceeds_it)
{
	client_init(&client);
	client_set(&client, "junk", "1");
	client.handler.replied = on_replied;
	client_begin(&client);
	client_greet(&client);
	told[0] = '\0';
	says("NOOP\r\n", "command NOOP 421 4.7.0");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_reply_is_reported_with_its_command,
		a_line_that_cannot_be_read_is_no_command,
		a_reply_of_the_program_is_reported_as_it_is,
		a_refusal_that_comes_later_names_its_command,
		a_failed_auth_is_reported_without_its_line,
		lmtp_reports_a_reply_for_each_recipient,
		the_librarys_own_end_is_no_reply_to_a_command,
		a_limit_is_a_reply_to_the_command_that_exceeds_it,
	};

	return suite_run("replied", tests, ROWS(tests));
}
