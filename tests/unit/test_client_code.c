/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the codes of replies, replies that come too early, the reply 421, and
 * the end of the connection. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

/* The usual code of a positive reply to each command.  If is_only is false, any
 * other code 2yz is allowed, too, except 221.  A step of SASL may also have
 * 334. */
static const struct {
	unsigned command;
	int code;
	bool is_only;
} codes[] = {
	{ DO_HELLO, 250, false },
	{ DO_STARTTLS, 220, true },
	{ DO_AUTH, 235, true },
	{ DO_SASL, 235, true },
	{ DO_RESPOND, 235, true },
	{ DO_CANCEL, 501, true },
	{ DO_XFORWARD, 250, false },
	{ DO_XCLIENT, 220, true },
	{ DO_MAIL, 250, false },
	{ DO_RCPT, 250, false },
	{ DO_DATA, 354, true },
	{ DO_BODY_END, 250, false },
	{ DO_RSET, 250, false },
	{ DO_NOOP, 250, false },
	{ DO_QUIT, 221, false },
};

static unsigned
state_before(unsigned command)
{
	switch (command) {
	case DO_RCPT:
	case DO_DATA:
		return AT_IN_MAIL;
	case DO_BODY_END:
		return AT_IN_BODY;
	case DO_RESPOND:
	case DO_CANCEL:
		return AT_CHALLENGE;
	default:
		return AT_READY;
	}
}

static bool
may_be_challenge(unsigned command)
{
	return command == DO_SASL || command == DO_RESPOND;
}

static void
try_code(size_t row, int code)
{
	unsigned command = codes[row].command;
	bool fault,
	    fine = code == codes[row].code || code >= 400 ||
	    (code < 300 && code != 221 && !codes[row].is_only) ||
	    (code == 334 && may_be_challenge(command));
	char octets[16];
	struct relay relay;

	relay_enter(&relay, state_before(command));
	ck_assert_int_eq(relay_command(&relay, command), MAILIN_OK);
	relay_send(&relay);
	(void)snprintf(octets, sizeof octets, "%d\r\n", code);
	relay_text(&relay, octets);
	fault = mailin_client_fault_found(relay.client) ==
	    MAILIN_CLIENT_FAULT_CODE;
	if (fault == fine)
		ck_abort_msg("row %zu, %d: %s", row, code, relay.log);
	relay_end(&relay);
}

/* The codes that some command expects are tried even if the step of the loop is
 * not 1. */
START_TEST(a_code_of_another_class_is_a_fault)
{
	size_t row, i;
	int code;

	for (row = 0; row < ROWS(codes); row++) {
		for (code = 201; code < 560; code += (int)suite_stride(7))
			if (code / 10 % 10 <= 5)
				try_code(row, code);
		for (i = 0; i < ROWS(codes); i++)
			try_code(row, codes[i].code);
		try_code(row, 334);
	}
}
END_TEST

START_TEST(steps_and_faults_have_names)
{
	ck_assert_str_eq(mailin_client_step_name(MAILIN_CLIENT_CANCEL),
	    "CANCEL");
	ck_assert_str_eq(mailin_client_step_name(MAILIN_CLIENT_COUNT), "?");
	ck_assert_str_eq(mailin_client_fault_name(MAILIN_CLIENT_FAULT_EOF),
	    "EOF");
	ck_assert_str_eq(mailin_client_fault_name(MAILIN_CLIENT_FAULT_COUNT),
	    "?");
}
END_TEST

/* The lowest code of a refusal is 400. */
START_TEST(code_400_refuses)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, "");
	relay_done(&relay, DO_MAIL, "400 later\r\n");
	ck_assert(mailin_client_ready(relay.client));
	relay_done(&relay, DO_HELLO, "400 later\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_ERROR_STATE);
	relay_end(&relay);
}
END_TEST

START_TEST(the_greeting_is_220_or_a_refusal)
{
	static const struct {
		const char *octets, *log;
	} rows[] = {
		{ "220 mx.example ESMTP\r\n",
		    "GREETING 220 [mx.example ESMTP]\n" },
		{ "220-mx.example\r\n220 2.0.0 hello\r\n",
		    "GREETING 220 [mx.example|2.0.0 hello]\n" },
		{ "554 5.7.1 no\r\n", "GREETING 554 5.7.1 [no]\n" },
		{ "400 4.3.2 no\r\n", "GREETING 400 4.3.2 [no]\n" },
		{ "421 4.3.2 later\r\n", "GREETING 421 4.3.2 [later]\n" },
		{ "250 mx.example\r\n", "FAULT CODE\n" },
		{ "354 mx.example\r\n", "FAULT CODE\n" },
		{ "334 \r\n", "FAULT CODE\n" },
		{ "220 a\r\n220 b\r\n", "GREETING 220 [a]\nFAULT UNASKED\n" },
		{ "220 a\r\n250 b\r\n", "GREETING 220 [a]\nFAULT UNASKED\n" },
	};
	struct relay relay;
	size_t i, step;

	for (i = 0; i < ROWS(rows); i++)
		for (step = 1; step <= strlen(rows[i].octets);
		     step += suite_stride(7)) {
			relay_begin(&relay, NULL, step);
			relay_text(&relay, rows[i].octets);
			relay_expect(&relay, rows[i].log);
			relay_end(&relay);
		}
}
END_TEST

/* ---- Replies that come too early ---- */

/* A reply that comes before its command was sent is a fault (threat V66). */
START_TEST(a_reply_before_its_command_was_sent_is_a_fault)
{
	struct relay relay;
	size_t sent;

	for (sent = 0; sent <= 6; sent++) {
		relay_greet(&relay, NULL, 100, "");
		ck_assert_int_eq(relay_command(&relay, DO_NOOP), MAILIN_OK);
		ck_assert_int_eq(mailin_client_sent(relay.client, sent),
		    MAILIN_OK);
		relay_hear_early(&relay, "250 OK\r\n");
		relay_expect(&relay,
		    sent < 6 ? "FAULT UNASKED\n" : "NOOP 250\n");
		relay_end(&relay);
	}
	/* A reply that begins before its command is sent is a fault, even if
	 * the command is sent before the reply ends. */
	relay_greet(&relay, NULL, 100, "");
	ck_assert_int_eq(relay_command(&relay, DO_NOOP), MAILIN_OK);
	relay_hear_early(&relay, "2");
	relay_send(&relay);
	relay_hear_early(&relay, "50 OK\r\n");
	relay_expect(&relay, "NONE 0\n> NOOP\nFAULT UNASKED\n");
	relay_end(&relay);
}
END_TEST

/* It is a fault if the server replies to the message before the client has sent
 * the end of the message. */
START_TEST(an_early_verdict_is_a_fault)
{
	struct relay relay;

	relay_enter(&relay, AT_IN_BODY);
	relay.len = 0;
	relay_hear_early(&relay, "250 OK\r\n");
	relay_expect(&relay, "FAULT UNASKED\n");
	ck_assert_int_eq(relay_command(&relay, DO_BODY), MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_BODY_END),
	    MAILIN_ERROR_STATE);
	relay_end(&relay);
	relay_enter(&relay, AT_IN_BODY);
	relay.len = 0;
	ck_assert_int_eq(relay_command(&relay, DO_BODY_END), MAILIN_OK);
	relay_hear_early(&relay, "250 OK\r\n");
	relay_expect(&relay, "FAULT UNASKED\n");
	relay_end(&relay);
}
END_TEST

/* ---- The reply 421, and the end of the connection ---- */

/* RFC 5321 3.8: a server may send 421 at any time. */
START_TEST(an_unasked_421_closes)
{
	struct relay relay;

	relay_enter(&relay, AT_READY);
	relay_hear_early(&relay, "421 4.4.2 idle\r\n");
	relay_expect(&relay, "NONE 421\n");
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_QUIT), MAILIN_ERROR_STATE);
	ck_assert(!mailin_client_ready(relay.client));
	mailin_client_eof(relay.client);
	ck_assert_int_eq(mailin_client_fault_found(relay.client),
	    MAILIN_CLIENT_FAULT_NONE);
	relay_end(&relay);
	/* 421 comes in the middle of a message.  The end of the message cannot
	 * be sent any more. */
	relay_enter(&relay, AT_IN_BODY);
	relay.len = 0;
	relay_hear_early(&relay, "421 bye\r\n");
	relay_expect(&relay, "NONE 421\n");
	ck_assert_int_eq(relay_command(&relay, DO_BODY), MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_BODY_END),
	    MAILIN_ERROR_STATE);
	relay_end(&relay);
	/* 421 comes when the end of the message was queued, but not sent.  The
	 * end is then never sent. */
	relay_enter(&relay, AT_IN_BODY);
	ck_assert_int_eq(relay_command(&relay, DO_BODY_END), MAILIN_OK);
	relay.len = 0;
	relay_hear_early(&relay, "421 bye\r\n");
	relay_send(&relay);
	relay_expect(&relay, "NONE 421\n");
	ck_assert_int_eq(mailin_client_sent(relay.client, 1),
	    MAILIN_ERROR_RANGE);
	relay_end(&relay);
}
END_TEST

/* After a reply 421, replies to the other commands of the pipeline may still
 * come, but the client may send no more commands, whatever these replies say.
 */
START_TEST(a_421_in_a_pipeline_closes)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	relay_call(&relay, relay_command(&relay, DO_RSET));
	relay_call(&relay, relay_command(&relay, DO_MAIL));
	relay_call(&relay, relay_command(&relay, DO_RCPT));
	relay_text(&relay, "421 bye\r\n550 no\r\n250 yes\r\n");
	relay_expect(&relay,
	    "> RSET\n> MAIL FROM:<a@b>\n> RCPT TO:<a@b>\n"
	    "RSET 421 [bye]\nMAIL 550 [no]\nRCPT 0 250 [yes]\n");
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_DATA), MAILIN_ERROR_STATE);
	relay_end(&relay);
}
END_TEST

/* It is a fault if the connection ends while a reply is missing (threat
 * V68). */
START_TEST(the_end_of_the_connection_is_a_fault_if_a_reply_is_missing)
{
	struct relay relay;
	unsigned state;

	for (state = 0; state < AT_COUNT; state++) {
		bool fault = state == AT_STARTING || state == AT_IN_BODY;

		relay_enter(&relay, state);
		mailin_client_eof(relay.client);
		ck_assert_int_eq(mailin_client_fault_found(relay.client),
		    fault ? MAILIN_CLIENT_FAULT_EOF : MAILIN_CLIENT_FAULT_NONE);
		ck_assert_int_eq(relay_command(&relay, DO_NOOP),
		    MAILIN_ERROR_STATE);
		relay_end(&relay);
	}
	relay_enter(&relay, AT_READY);
	ck_assert_int_eq(relay_command(&relay, DO_NOOP), MAILIN_OK);
	mailin_client_eof(relay.client);
	ck_assert_int_eq(mailin_client_fault_found(relay.client),
	    MAILIN_CLIENT_FAULT_EOF);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 0);
	relay_end(&relay);
	/* The connection ends in the middle of a reply 421. */
	relay_enter(&relay, AT_READY);
	relay_text(&relay, "421-a\r\n");
	mailin_client_eof(relay.client);
	ck_assert_int_eq(mailin_client_fault_found(relay.client),
	    MAILIN_CLIENT_FAULT_EOF);
	relay_end(&relay);
	relay_enter(&relay, AT_READY);
	relay_text(&relay, "4");
	ck_assert(!mailin_client_ready(relay.client));
	mailin_client_eof(relay.client);
	ck_assert_int_eq(mailin_client_fault_found(relay.client),
	    MAILIN_CLIENT_FAULT_EOF);
	relay_end(&relay);
}
END_TEST

START_TEST(a_ready_client_may_be_kept)
{
	struct relay relay;
	unsigned state;

	for (state = 0; state < AT_COUNT; state++) {
		relay_enter(&relay, state);
		ck_assert(
		    mailin_client_ready(relay.client) == (state == AT_READY));
		relay_end(&relay);
	}
	relay_enter(&relay, AT_IN_BODY);
	relay_done(&relay, DO_BODY_END, "");
	ck_assert(!mailin_client_ready(relay.client));
	relay_text(&relay, "250 OK\r\n");
	ck_assert(mailin_client_ready(relay.client));
	relay_transaction(&relay);
	ck_assert(!mailin_client_ready(relay.client));
	relay_done(&relay, DO_RSET, "250 OK\r\n");
	ck_assert(mailin_client_ready(relay.client));
	relay_end(&relay);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_code_of_another_class_is_a_fault,
		steps_and_faults_have_names,
		code_400_refuses,
		the_greeting_is_220_or_a_refusal,
		a_reply_before_its_command_was_sent_is_a_fault,
		an_early_verdict_is_a_fault,
		an_unasked_421_closes,
		a_421_in_a_pipeline_closes,
		the_end_of_the_connection_is_a_fault_if_a_reply_is_missing,
		a_ready_client_may_be_kept,
	};

	return suite_run("client_code", tests, ROWS(tests));
}
