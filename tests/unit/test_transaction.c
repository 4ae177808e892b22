/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* A transaction from MAIL to its end, and the counters that change during
 * it. */
#include <stdio.h>
#include <string.h>

#include "support/handler_log.h"

static struct client client;

#define EXTENSIONS \
	"PIPELINING,ENHANCEDSTATUSCODES,8BITMIME,CHUNKING," \
	"BINARYMIME,SMTPUTF8,STARTTLS,EXPN,ETRN"

static void
start_with(const char *name, const char *value)
{
	client_init(&client);
	client_set(&client, "extensions", EXTENSIONS);
	if (name != NULL)
		client_set(&client, name, value);
	client_begin(&client);
	client_greet(&client);
}

static void
start(void)
{
	start_with(NULL, NULL);
}

/* ---- Every end of a transaction clears it (property 16, threat V17) ---- */

/* A transaction with everything that must be cleared at its end. */
#define FULL \
	"MAIL FROM:<a@b> SMTPUTF8 BODY=8BITMIME\r\n" \
	"RCPT TO:<c@d>\r\nRCPT TO:<>\r\n"
#define BINARY \
	"MAIL FROM:<a@b> SMTPUTF8 BODY=BINARYMIME\r\n" \
	"RCPT TO:<c@d>\r\nRCPT TO:<>\r\n"

struct end_row {
	const char *lines;
	enum on on; /* the callback that returns FAILED; ON_COUNT: none */
};

static const struct end_row ends[] = {
	{ FULL "RSET\r\n", ON_COUNT },
	{ FULL "EHLO c\r\n", ON_COUNT },
	{ FULL "HELO c\r\nEHLO c\r\n", ON_COUNT },
	{ FULL "DATA\r\nx\xff\nx\r\n.\r\n", ON_COUNT },
	{ FULL "DATA\r\nx\xff\nx\r\n.\r\n", ON_DATA },
	{ FULL "DATA\r\nx\xff\nx\r\n.\r\n", ON_DATA_END },
	{ BINARY "BDAT 3 LAST\r\n\xff\nx", ON_COUNT },
	{ BINARY "BDAT 3\r\n\xff\nxBDAT 1 LAST\r\nx", ON_DATA },
	{ BINARY "BDAT 3\r\n\xff\nxRSET\r\n", ON_DATA_START },
	{ BINARY "BDAT 3\r\n\xff\nxRSET\r\n", ON_COUNT },
	{ FULL "MAIL FROM:<x@y>\r\nRSET\r\n", ON_COUNT },
};

static void
check_empty(const char *lines)
{
	struct mailin_session *session = client.session;
	struct mailin_facts facts = mailin_session_facts(session);
	struct mailin_mail mail;
	struct mailin_rcpt rcpt;

	if (mailin_session_mail(session, &mail) ||
	    mailin_session_rcpt_count(session) != 0 ||
	    mailin_session_rcpt(session, 0, &rcpt) || facts.octets != 0 ||
	    facts.eight_bit || facts.bare_lf || facts.nul || facts.bare_cr ||
	    facts.long_line ||
	    strcmp(mailin_session_protocol(session), "ESMTP") != 0)
		ck_abort_msg("something remains of %s",
		    suite_quote(mailin_span_of(lines)));
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "BDAT 0 LAST", "503 5.5.1");
	client_expect(&client, "MAIL FROM:<x@y>", "250 2.1.0");
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "RCPT TO:<\xc3\xa9@x>", "553 5.6.7");
	client_expect(&client, "RCPT TO:<a@b>", "250 2.1.5");
	client_expect(&client, "DATA", "354");
	client_expect(&client, ".", "250 2.0.0");
}

START_TEST(every_end_of_a_transaction_leaves_nothing_of_it)
{
	size_t i;

	for (i = 0; i < ROWS(ends); i++) {
		start();
		if (ends[i].on != ON_COUNT)
			client.answers[ends[i].on] = MAILIN_REPLY_FAILED;
		client_lines(&client, ends[i].lines);
		memset(client.answers, 0, sizeof client.answers);
		check_empty(ends[i].lines);
		client_end(&client);
	}
}
END_TEST

/* Side commands and refused commands do not change a transaction that has a
 * recipient (threat V18, property 17). */
START_TEST(side_commands_leave_the_transaction_alone)
{
	static const char *const asides[] = { "NOOP x",
		"VRFY <\xc3\xa9@x> SMTPUTF8", "EXPN a", "HELP", "JUNK", "",
		"MAIL", "RCPT TO:<", "EHLO", "RSET x", "DATA x", "QUIT x",
		"ETRN", "AUTH x", "MAIL FROM:<x@y>", "NO\rOP" };
	char before[256];
	size_t i;

	start_with("errors", "0");
	client_expect(&client, "MAIL FROM:<a@b> SMTPUTF8", "250 2.1.0");
	client_expect(&client, "RCPT TO:<\xc3\xa9@d>", "250 2.1.5");
	(void)client_log(&client);
	for (i = 0; i < ROWS(asides); i++) {
		struct mailin_mail mail;

		snprintf(before, sizeof before, "%s\r\n", asides[i]);
		client_octets(&client, mailin_span_of(before));
		ck_assert_msg(mailin_session_mail(client.session, &mail) &&
			mailin_span_equal(mail.path.text, "<a@b>") &&
			mailin_session_rcpt_count(client.session) == 1 &&
			strstr(client_log(&client), "reset") == NULL,
		    "%s", asides[i]);
	}
	client_expect(&client, "DATA", "354");
	client_end(&client);
}
END_TEST

/* A refused MAIL begins no transaction, and a refused RCPT leaves the
 * transaction as it was (property 19). */
START_TEST(a_refused_mail_or_rcpt_leaves_all_as_it_was)
{
	struct mailin_mail mail;

	start();
	client.answers[ON_MAIL] = MAILIN_REPLY_REFUSED;
	client_expect(&client, "MAIL FROM:<a@b>", "550 5.7.1");
	ck_assert(!mailin_session_mail(client.session, &mail));
	client_expect(&client, "RCPT TO:<a@b>", "503 5.5.1");
	client.answers[ON_MAIL] = MAILIN_REPLY_OK;
	client_envelope(&client, 1);
	client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
	client_expect(&client, "RCPT TO:<a@b>", "550 5.1.1");
	client_expect(&client, "RCPT TO:<>", "501 5.1.3");
	ck_assert_uint_eq(mailin_session_rcpt_count(client.session), 1);
	client_expect(&client, "DATA", "354");
	client_end(&client);
}
END_TEST

/* ---- No message without recipients (property 20) ---- */

struct nobody_row {
	const char *lines, *reply;
};

/* DATA gets 554 if every RCPT of the transaction was refused, by the handler or
 * by the library. */
static const struct nobody_row nobody[] = {
	{ "", "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\n", "503 5.5.1" },
	{ "RCPT TO:<no@d>\r\nMAIL FROM:<a@b>\r\n", "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<no@d>\r\n", "554 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<>\r\n", "554 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<\xc3\xa9@d>\r\n", "554 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<no@d> X=Y\r\n", "554 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<no@d>\r\nRSET\r\nMAIL FROM:<a@b>\r\n",
	    "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<no@d>\r\nRSET\r\n", "503 5.5.1" },
};

START_TEST(without_recipients_there_is_no_message)
{
	size_t i;
	int turn;

	for (i = 0; i < ROWS(nobody); i++)
		for (turn = 0; turn < 2; turn++) {
			start();
			client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
			client_lines(&client, nobody[i].lines);
			client_expect(&client,
			    turn == 0 ? "DATA" : "BDAT 0 LAST",
			    nobody[i].reply);
			client_end(&client);
		}
}
END_TEST

/* If the handler refuses a parameter of RCPT, it refuses the recipient. */
START_TEST(a_recipient_is_refused_with_its_parameter)
{
	start();
	handler_log_own(&client);
	client_envelope(&client, 0);
	client_expect(&client, "RCPT TO:<a@b> OWN=1", "555 5.5.4");
	client_expect(&client, "DATA", "554 5.5.1");
	client_end(&client);
}
END_TEST

/* ---- Limits (property 29, threats V20 and V43) ---- */

START_TEST(recipients_have_a_limit)
{
	start_with("recipients", "3");
	client_envelope(&client, 3);
	client_expect(&client, "RCPT TO:<a@b>", "452 4.5.3");
	client_expect(&client, "RCPT TO:<a@b>", "452 4.5.3");
	ck_assert_uint_eq(mailin_session_rcpt_count(client.session), 3);
	client_expect(&client, "DATA", "354");
	client_expect(&client, ".", "250 2.0.0");
	client_envelope(&client, 3);
	client_end(&client);
}
END_TEST

START_TEST(the_envelope_has_a_limit)
{
	char line[256];
	size_t i, accepted;

	start_with("envelope-size", "2048");
	client_envelope(&client, 0);
	memset(line, 'x', sizeof line);
	memcpy(line, "RCPT TO:<a@", 11);
	for (i = 70; i < 200; i += 60)
		line[i] = '.';
	strcpy(line + 210, ">");
	for (accepted = 0; accepted < 100; accepted++) {
		client_octets(&client, mailin_span_of(line));
		client_octets(&client, SPAN("\r\n"));
		if (strcmp(client_replies(&client), "250 2.1.5") != 0)
			break;
	}
	client_expect(&client, line, "452 4.5.3");
	ck_assert_uint_eq(accepted,
	    (2048 - strlen("MAIL FROM:<a@c.example>\r\n")) / 213);
	ck_assert_uint_eq(mailin_session_rcpt_count(client.session), accepted);
	client_expect(&client, "DATA", "354");
	client_end(&client);
}
END_TEST

/* Send the same line "most" times, and expect the reply each time.  One line
 * more must end the session. */
static void
check_limit(const char *line, const char *reply, int most)
{
	int i;

	for (i = 0; i < most; i++)
		client_expect(&client, line, reply);
	(void)client_log(&client);
	client_expect(&client, line, "421 4.7.0");
	ck_assert_msg(strstr(client_log(&client), "close LIMIT") != NULL, "%s",
	    line);
	ck_assert_uint_eq(client_feed(&client, "NOOP\r\n", 6), 0);
	client_end(&client);
}

START_TEST(errors_have_a_limit)
{
	start();
	check_limit("MAIL FROM:<", "501 5.1.7", 20);
	start();
	check_limit("JUNK", "500 5.5.2", 20);
	start();
	check_limit("", "500 5.5.2", 20);
	start_with("errors", "1");
	check_limit("DATA", "503 5.5.1", 1);
	start_with("errors", "2");
	check_limit("BDAT 6\r\nNOOP", "503 5.5.1", 2);
}
END_TEST

/* A 5xx from the handler does not count as an error of the client. */
START_TEST(refusals_are_no_errors)
{
	int i;

	start_with("errors", "1");
	client.answers[ON_MAIL] = MAILIN_REPLY_REFUSED;
	for (i = 0; i < 50; i++)
		client_expect(&client, "MAIL FROM:<a@b>", "550 5.7.1");
	client_end(&client);
}
END_TEST

START_TEST(junk_has_a_limit)
{
	static const char *const lines[][2] = { { "NOOP", "250 2.0.0" },
		{ "RSET", "250 2.0.0" }, { "VRFY a", "252 2.0.0" },
		{ "EXPN a", "250 2.0.0" }, { "HELP", "214 2.0.0" },
		{ "ETRN a", "250 2.0.0" }, { "JUNK", "500 5.5.2" } };
	size_t i;

	for (i = 0; i < ROWS(lines); i++) {
		client_init(&client);
		client_set(&client, "extensions", EXTENSIONS);
		client_set(&client, "errors", "0");
		client_set(&client, "junk", "5");
		client_begin(&client);
		client_greet(&client); /* EHLO counts as junk, too */
		check_limit(lines[i][0], lines[i][1], 4);
	}
}
END_TEST

START_TEST(transactions_have_a_limit)
{
	int i;

	start_with("transactions", "3");
	for (i = 0; i < 3; i++) {
		client_expect(&client, "MAIL FROM:<a@b>", "250 2.1.0");
		client_expect(&client, "RSET", "250 2.0.0");
	}
	check_limit("MAIL FROM:<a@b>", "250 2.1.0", 0);
}
END_TEST

START_TEST(refused_recipients_have_a_limit)
{
	start_with("refused-recipients", "4");
	client_envelope(&client, 0);
	client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
	check_limit("RCPT TO:<a@b>", "550 5.1.1", 4);
}
END_TEST

/* Only an accepted message resets the counters. */
START_TEST(an_accepted_message_sets_the_counters_back)
{
	int i, turn;

	for (turn = 0; turn < 2; turn++) {
		start_with("errors", "3");
		for (i = 0; i < 3; i++)
			client_expect(&client, "DATA", "503 5.5.1");
		client_envelope(&client, 1);
		client.answers[ON_DATA_END] = turn == 0 ?
		    MAILIN_REPLY_OK :
		    MAILIN_REPLY_NO_STORAGE;
		client_lines(&client, "DATA\r\n.\r\n");
		client_expect(&client, "DATA",
		    turn == 0 ? "503 5.5.1" : "421 4.7.0");
		client_end(&client);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		every_end_of_a_transaction_leaves_nothing_of_it,
		side_commands_leave_the_transaction_alone,
		a_refused_mail_or_rcpt_leaves_all_as_it_was,
		without_recipients_there_is_no_message,
		a_recipient_is_refused_with_its_parameter,
		recipients_have_a_limit,
		the_envelope_has_a_limit,
		errors_have_a_limit,
		refusals_are_no_errors,
		junk_has_a_limit,
		transactions_have_a_limit,
		refused_recipients_have_a_limit,
		an_accepted_message_sets_the_counters_back,
	};

	return suite_run("transaction", tests, ROWS(tests));
}
