/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests that every transaction ends with exactly one call of the callback
 * "delivered" or of the callback "reset". */
#include <string.h>

#include "support/handler_log.h"
#include "support/stage.h"

static struct client client;

#define EHLO "EHLO c.example\r\n"
#define LHLO "LHLO c.example\r\n"
#define MAIL "MAIL FROM:<a@b.example>\r\n"
#define RCPT "RCPT TO:<c@d.example>\r\n"
#define DATA "DATA\r\nx\r\n.\r\n"

/* The function that the program calls to end a session. */
enum end {
	END_NONE, /* the lines themselves end the transaction */
	END_ABORT,
	END_EOF,
	END_FREE,
	END_SHUTDOWN,
	END_TIMED_OUT
};

struct row {
	const char *lines;
	enum on on; /* this callback returns the reply; others return OK */
	enum mailin_reply reply;
	enum end end;
	const char *reports; /* calls of "delivered" and "reset" */
};

#define OK      MAILIN_REPLY_OK
#define FAILED  MAILIN_REPLY_FAILED
#define PENDING MAILIN_REPLY_PENDING
#define NONE    ON_COUNT, OK

/* clang-format off */
static const struct row rows[] = {
/* The message is delivered. */
{ EHLO MAIL RCPT DATA, NONE, END_NONE, "delivered" },
{ EHLO MAIL RCPT DATA MAIL RCPT DATA, NONE, END_NONE, "delivered, delivered" },
{ EHLO MAIL RCPT "BDAT 1\r\nxBDAT 1 LAST\r\ny", NONE, END_NONE, "delivered" },
{ EHLO MAIL RCPT "BURL imap://x/y LAST\r\n", NONE, END_NONE, "delivered" },
{ LHLO MAIL RCPT RCPT DATA, NONE, END_NONE, "delivered" },
{ EHLO MAIL RCPT DATA, NONE, END_ABORT, "delivered" },
{ EHLO MAIL RCPT DATA, NONE, END_FREE, "delivered" },
{ EHLO MAIL RCPT DATA "MAIL FROM:<x@y>\r\n", NONE, END_ABORT,
    "delivered, reset CLOSED" },

/* The client ends the transaction. */
{ EHLO MAIL "RSET\r\nRSET\r\n", NONE, END_NONE, "reset RSET" },
{ EHLO MAIL RCPT EHLO, NONE, END_NONE, "reset HELO" },
{ EHLO MAIL RCPT "HELO c\r\n", NONE, END_NONE, "reset HELO" },
{ LHLO MAIL RCPT LHLO, NONE, END_NONE, "reset HELO" },
{ EHLO MAIL "STARTTLS\r\n", NONE, END_NONE, "reset STARTTLS" },
{ EHLO MAIL RCPT "QUIT\r\n", NONE, END_NONE, "reset CLOSED" },
{ EHLO MAIL RCPT "BDAT 1\r\nxRSET\r\n", NONE, END_NONE, "reset RSET" },
{ EHLO MAIL RCPT "BDAT 1\r\nxQUIT\r\n", NONE, END_NONE, "reset CLOSED" },
{ EHLO MAIL RCPT "BDAT x\r\n", NONE, END_NONE, "reset CLOSED" },
{ EHLO MAIL "NO\nOP\r\n", NONE, END_NONE, "reset CLOSED" },

/* A refusal ends the transaction. */
{ EHLO MAIL RCPT DATA, ON_DATA_END, FAILED, END_NONE, "reset REFUSED" },
{ EHLO MAIL RCPT DATA, ON_DATA, FAILED, END_NONE, "reset REFUSED" },
{ EHLO MAIL RCPT "DATA\r\nx\r\n", ON_DATA, FAILED, END_ABORT,
    "reset REFUSED" },
{ LHLO MAIL RCPT RCPT DATA, ON_DATA_END, FAILED, END_NONE, "reset REFUSED" },
{ EHLO MAIL RCPT "BDAT 1\r\nxRSET\r\n", ON_DATA, FAILED, END_NONE,
    "reset REFUSED" },
{ EHLO MAIL RCPT "BDAT 1\r\nx" EHLO, ON_DATA_START, FAILED, END_NONE,
    "reset REFUSED" },
{ EHLO MAIL RCPT "BURL imap://x/y LAST\r\n", ON_BURL, FAILED, END_NONE,
    "reset REFUSED" },
{ EHLO MAIL RCPT DATA "RSET\r\n", ON_DATA_START, FAILED, END_NONE,
    "reset RSET" },
{ EHLO MAIL RCPT DATA, ON_DATA_END, MAILIN_REPLY_NO_SERVICE, END_NONE,
    "reset REFUSED" },

/* No transaction begins. */
{ EHLO MAIL "RSET\r\n", ON_MAIL, FAILED, END_NONE, "" },
{ EHLO MAIL, ON_MAIL, PENDING, END_ABORT, "" },
{ EHLO "RSET\r\n", NONE, END_NONE, "" },

/* The program ends the transaction. */
{ EHLO MAIL, NONE, END_ABORT, "reset CLOSED" },
{ EHLO MAIL RCPT, NONE, END_EOF, "reset CLOSED" },
{ EHLO MAIL RCPT, NONE, END_FREE, "reset CLOSED" },
{ EHLO MAIL RCPT, NONE, END_TIMED_OUT, "reset CLOSED" },
{ EHLO MAIL RCPT "DATA\r\nx", NONE, END_TIMED_OUT, "reset CLOSED" },
{ EHLO MAIL RCPT DATA, ON_DATA_END, PENDING, END_SHUTDOWN, "delivered" },
{ EHLO MAIL RCPT DATA, ON_DATA_END, PENDING, END_EOF, "delivered" },
{ EHLO MAIL RCPT DATA, ON_DATA_END, PENDING, END_ABORT, "reset CLOSED" },
{ EHLO MAIL RCPT DATA, ON_DATA_END, PENDING, END_FREE, "reset CLOSED" },
{ LHLO MAIL RCPT RCPT DATA, ON_DATA_END, PENDING, END_ABORT, "reset CLOSED" },
};
/* clang-format on */

/* Keep only the lines of the log that report the end of a transaction. */
static const char *
reports(void)
{
	static char text[256];
	char *line = strtok(client.log.octets, "\n");

	text[0] = '\0';
	for (; line != NULL; line = strtok(NULL, "\n"))
		if (strncmp(line, "reset", 5) == 0 ||
		    strcmp(line, "delivered") == 0) {
			strcat(text, text[0] != '\0' ? ", " : "");
			strcat(text, line);
		}
	return text;
}

static void
resume_all(enum mailin_reply reply)
{
	uint64_t token;

	while ((token = mailin_session_decision(client.session)) != 0)
		ck_assert_int_eq(
		    mailin_session_resume(client.session, token, reply),
		    MAILIN_OK);
}

static void
end_session(enum end end)
{
	switch (end) {
	case END_NONE:
		break;
	case END_ABORT:
		(void)mailin_session_abort(client.session, MAILIN_CLOSE_ABORT);
		break;
	case END_EOF:
		(void)mailin_session_eof(client.session);
		resume_all(OK);
		break;
	case END_FREE:
		mailin_session_free(client.session);
		client.session = NULL;
		break;
	case END_SHUTDOWN:
		(void)mailin_session_shutdown(client.session);
		resume_all(OK);
		break;
	case END_TIMED_OUT:
		(void)mailin_session_timed_out(client.session);
		break;
	}
}

static void
begin(const char *lines)
{
	static const struct stage smtp = { .flags = 0 };
	static const struct stage lmtp = { .flags = STAGE_LMTP };

	stage_open(lines[0] == 'L' ? &lmtp : &smtp, &client);
	client.logs_delivered = true;
}

START_TEST(a_transaction_ends_in_one_call)
{
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		const struct row *row = &rows[i];

		begin(row->lines);
		if (row->on != ON_COUNT)
			client.answers[row->on] = row->reply;
		client_lines(&client, row->lines);
		end_session(row->end);
		pile_add(&client.log, "", 0);
		ck_assert_msg(strcmp(reports(), row->reports) == 0,
		    "row %zu: %s", i, row->reports);
		client_end(&client);
	}
}
END_TEST

/* RFC 2033 4.2: if the message was accepted for one recipient, the callback
 * "delivered" is called, even if the session ends before the verdicts for the
 * other recipients.  Try all sets of verdicts, and the end of the session after
 * each verdict. */
START_TEST(a_message_that_one_recipient_has_is_delivered)
{
	unsigned accepts, ends;

	for (accepts = 0; accepts < 8; accepts++)
		for (ends = 1; ends < 8; ends++) {
			unsigned i, decided = ends < 4 ? ends : 3;
			unsigned seen = accepts & ((1u << decided) - 1);

			begin("L");
			client.answers[ON_DATA_END] = PENDING;
			client_lines(&client, LHLO MAIL RCPT RCPT RCPT DATA);
			for (i = 0; i < decided; i++)
				ck_assert_int_eq(
				    mailin_session_resume(client.session,
					mailin_session_decision(client.session),
					(accepts >> i & 1) != 0 ? OK : FAILED),
				    MAILIN_OK);
			if (ends < 4)
				end_session(
				    ends % 2 == 0 ? END_ABORT : END_FREE);
			pile_add(&client.log, "", 0);
			ck_assert_str_eq(reports(),
			    seen != 0        ? "delivered" :
				decided == 3 ? "reset REFUSED" :
					       "reset CLOSED");
			client_end(&client);
		}
}
END_TEST

static void
reply_at_length(struct client *c, enum on on)
{
	if (on == ON_DATA_END)
		c->answers[on] = mailin_session_reply(c->session, 250, "2.0.0",
		    "%02000d", 0);
}

/* Replies that do not fit in the queue are lost with the session.  But the
 * callback "delivered" is called, because the program has stored the
 * message. */
START_TEST(an_accepted_message_is_delivered_though_its_replies_are_lost)
{
	begin("L");
	client_set(&client, "output", "4096");
	client_lines(&client, LHLO MAIL RCPT RCPT RCPT "DATA\r\n");
	client.hook = reply_at_length;
	(void)client_feed(&client, "x\r\n.\r\n", 6);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_OUTPUT);
	pile_add(&client.log, "", 0);
	ck_assert_ptr_null(strstr(client.log.octets, "delivered"));
	end_session(END_ABORT);
	ck_assert_str_eq(reports(), "delivered");
	client_end(&client);
}
END_TEST

static enum on freed_in;

static void
free_inside(struct client *c, enum on on)
{
	if (on == freed_in)
		mailin_session_free(c->session);
}

START_TEST(a_session_may_be_freed_in_delivered_and_in_data_end)
{
	static const enum on places[] = { ON_DELIVERED, ON_DATA_END };
	size_t i;

	for (i = 0; i < ROWS(places); i++) {
		begin("L");
		client_lines(&client, LHLO MAIL RCPT RCPT "DATA\r\n");
		freed_in = places[i];
		client.hook = free_inside;
		(void)client_feed(&client, ".\r\n", 3);
		client.session = NULL;
		pile_add(&client.log, "", 0);
		ck_assert_str_eq(reports(), "delivered");
		client_end(&client);
	}
}
END_TEST

/* The handler may lack the callback "reset", the callback "delivered", or
 * both. */
START_TEST(a_program_may_have_none_of_the_two)
{
	begin("E");
	client.handler.reset = NULL;
	client_lines(&client, EHLO MAIL RCPT "RSET\r\n");
	client.in_transaction = false;
	client.handler.delivered = NULL;
	client_lines(&client, MAIL RCPT DATA);
	client.in_transaction = false;
	pile_add(&client.log, "", 0);
	ck_assert_str_eq(reports(), "");
	client_end(&client);
}
END_TEST

START_TEST(abort_takes_two_reasons)
{
	int reason;

	begin("E");
	client_lines(&client, EHLO);
	for (reason = -1; reason <= MAILIN_CLOSE_MEMORY + 1; reason++)
		if (reason != MAILIN_CLOSE_ABORT && reason != MAILIN_CLOSE_TLS)
			ck_assert_int_eq(mailin_session_abort(client.session,
					     (enum mailin_close_reason)reason),
			    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_session_abort(client.session, MAILIN_CLOSE_TLS),
	    MAILIN_ERROR_STATE);
	client_expect(&client, "STARTTLS", "220 2.0.0");
	ck_assert_int_eq(mailin_session_abort(client.session, MAILIN_CLOSE_TLS),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_CLOSE);
	pile_add(&client.log, "", 0);
	ck_assert_ptr_nonnull(strstr(client.log.octets, "close TLS"));
	client_end(&client);
}
END_TEST

/* The handshake is aborted before the 220 to STARTTLS was sent.  Then this 220
 * is dropped, because the client would begin TLS after it.  The program may
 * already have given the 220 to a transport, so it may still call
 * mailin_session_sent for it. */
START_TEST(after_an_abort_for_tls_there_is_no_output)
{
	struct mailin_session *session;
	size_t len;

	begin("E");
	session = client.session;
	client_lines(&client, EHLO);
	(void)client_feed(&client, "STARTTLS\r\n", 10);
	len = mailin_session_output(session).len;
	ck_assert_uint_gt(len, 0);
	ck_assert_int_eq(mailin_session_abort(session, MAILIN_CLOSE_TLS),
	    MAILIN_OK);
	ck_assert_ptr_null(mailin_session_output(session).ptr);
	ck_assert_int_eq(mailin_session_sent(session, len + 1),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(mailin_session_sent(session, len), MAILIN_OK);
	ck_assert_int_eq(mailin_session_sent(session, 1), MAILIN_ERROR_RANGE);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_transaction_ends_in_one_call,
		a_message_that_one_recipient_has_is_delivered,
		an_accepted_message_is_delivered_though_its_replies_are_lost,
		a_session_may_be_freed_in_delivered_and_in_data_end,
		a_program_may_have_none_of_the_two,
		abort_takes_two_reasons,
		after_an_abort_for_tls_there_is_no_output,
	};

	return suite_run("ending", tests, ROWS(tests));
}
