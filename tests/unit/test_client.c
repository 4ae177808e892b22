/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the order in which a client may send its commands: the table of
 * mailin/client.h, and pipelining. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

/* The result of each command in each state: "+" for OK, "w" for the error WAIT,
 * "-" for STATE, "o" for UNOFFERED.  The columns are the commands, in this
 * order: hello, starttls, auth_plain, auth, auth_respond, auth_cancel,
 * xforward, xclient, mail, rcpt, data, body, body_end, rset, noop, quit,
 * tls_started. */
static const char cells[AT_COUNT][DO_COUNT + 1] = {
	/*             HSASRCFCMRDBERNQT */
	[AT_STARTING] = "wwwwwwwwwww-wwww-",
	[AT_FRESH] = "+-------------++-",
	[AT_READY] = "++++--+++----+++-",
	[AT_IN_MAIL] = "+--------++--+++-",
	[AT_IN_BODY] = "-----------++----",
	[AT_TLS] = "----------------+",
	[AT_CHALLENGE] = "----++-----------",
	[AT_REFUSED] = "---------------+-",
	[AT_CLOSED] = "-----------------",
};

static bool
is_result(unsigned state, unsigned command, enum mailin_error error)
{
	char cell = cells[state][command];

	return error ==
	    (cell == '+'        ? MAILIN_OK :
		    cell == 'w' ? MAILIN_ERROR_WAIT :
				  MAILIN_ERROR_STATE);
}

/* ---- The states after a reply ---- */

#define HELLO_REPLY \
	"250-x\r\n250-PIPELINING\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n" \
	"250-XFORWARD NAME\r\n250 XCLIENT NAME\r\n"

/* A command in a state, a reply, and the state after it. */
static const struct {
	unsigned state, command;
	const char *reply;
	unsigned after;
} ways[] = {
	{ AT_FRESH, DO_HELLO, HELLO_REPLY, AT_READY },
	{ AT_FRESH, DO_HELLO, "550 no\r\n", AT_FRESH },
	{ AT_READY, DO_HELLO, HELLO_REPLY, AT_READY },
	{ AT_READY, DO_HELLO, "550 no\r\n", AT_FRESH },
	{ AT_IN_MAIL, DO_HELLO, HELLO_REPLY, AT_READY },
	{ AT_IN_MAIL, DO_HELLO, "550 no\r\n", AT_FRESH },
	{ AT_READY, DO_STARTTLS, "220 go\r\n", AT_TLS },
	{ AT_READY, DO_STARTTLS, "454 no\r\n", AT_READY },
	{ AT_READY, DO_AUTH, "235 yes\r\n", AT_READY },
	{ AT_READY, DO_AUTH, "535 no\r\n", AT_READY },
	{ AT_READY, DO_SASL, "235 yes\r\n", AT_READY },
	{ AT_READY, DO_SASL, "334 \r\n", AT_CHALLENGE },
	{ AT_READY, DO_SASL, "535 no\r\n", AT_READY },
	{ AT_CHALLENGE, DO_RESPOND, "235 yes\r\n", AT_READY },
	{ AT_CHALLENGE, DO_RESPOND, "334 \r\n", AT_CHALLENGE },
	{ AT_CHALLENGE, DO_RESPOND, "535 no\r\n", AT_READY },
	{ AT_CHALLENGE, DO_CANCEL, "501 no\r\n", AT_READY },
	{ AT_READY, DO_XFORWARD, "250 OK\r\n", AT_READY },
	{ AT_READY, DO_XFORWARD, "550 no\r\n", AT_READY },
	{ AT_READY, DO_XCLIENT, "220 OK\r\n", AT_FRESH },
	{ AT_READY, DO_XCLIENT, "550 no\r\n", AT_READY },
	{ AT_READY, DO_MAIL, "550 no\r\n", AT_READY },
	{ AT_IN_MAIL, DO_RCPT, "250 OK\r\n", AT_IN_MAIL },
	{ AT_IN_MAIL, DO_RCPT, "550 no\r\n", AT_IN_MAIL },
	{ AT_IN_MAIL, DO_DATA, "354 go\r\n", AT_IN_BODY },
	{ AT_IN_MAIL, DO_DATA, "554 no\r\n", AT_IN_MAIL },
	{ AT_IN_BODY, DO_BODY_END, "250 OK\r\n", AT_READY },
	{ AT_IN_BODY, DO_BODY_END, "550 no\r\n", AT_READY },
	{ AT_READY, DO_RSET, "250 OK\r\n", AT_READY },
	{ AT_READY, DO_RSET, "550 no\r\n", AT_REFUSED },
	{ AT_IN_MAIL, DO_RSET, "250 OK\r\n", AT_READY },
	{ AT_IN_MAIL, DO_RSET, "550 no\r\n", AT_REFUSED },
	{ AT_FRESH, DO_NOOP, "250 OK\r\n", AT_FRESH },
	{ AT_FRESH, DO_NOOP, "550 no\r\n", AT_FRESH },
	{ AT_READY, DO_NOOP, "250 OK\r\n", AT_READY },
	{ AT_READY, DO_NOOP, "550 no\r\n", AT_READY },
	{ AT_IN_MAIL, DO_NOOP, "250 OK\r\n", AT_IN_MAIL },
	{ AT_IN_MAIL, DO_NOOP, "550 no\r\n", AT_IN_MAIL },
	{ AT_FRESH, DO_QUIT, "221 bye\r\n", AT_CLOSED },
	{ AT_READY, DO_QUIT, "550 no\r\n", AT_CLOSED },
	{ AT_IN_MAIL, DO_QUIT, "221 bye\r\n", AT_CLOSED },
	{ AT_REFUSED, DO_QUIT, "221 bye\r\n", AT_CLOSED },
};

START_TEST(each_reply_leads_to_its_state)
{
	struct relay relay;
	unsigned command;
	size_t i;

	for (i = 0; i < ROWS(ways); i++)
		for (command = 0; command < DO_COUNT; command++) {
			relay_enter(&relay, ways[i].state);
			relay_done(&relay, ways[i].command, ways[i].reply);
			ck_assert_msg(is_result(ways[i].after, command,
					  relay_command(&relay, command)),
			    "row %zu, command %u", i, command);
			relay_end(&relay);
		}
}
END_TEST

/* ---- The states in which a command is allowed ---- */

START_TEST(each_command_is_allowed_in_its_states)
{
	struct relay relay;
	unsigned state, command;

	for (state = 0; state < AT_COUNT; state++)
		for (command = 0; command < DO_COUNT; command++) {
			enum mailin_error error;
			size_t before;

			relay_enter(&relay, state);
			before = mailin_client_output(relay.client).len;
			error = relay_command(&relay, command);
			ck_assert_msg(is_result(state, command, error),
			    "state %u, command %u: %s", state, command,
			    mailin_error_name(error));
			if (error != MAILIN_OK)
				ck_assert_uint_eq(before,
				    mailin_client_output(relay.client).len);
			relay_end(&relay);
		}
}
END_TEST

/* Returns true if the tests of pipelining can use the pair: the first command
 * is allowed in READY or IN_MAIL, and the second may be called after it. */
static bool
is_pair(unsigned first, unsigned second)
{
	return first != DO_RESPOND && first != DO_CANCEL && first != DO_DATA &&
	    first != DO_BODY && first != DO_BODY_END &&
	    first != DO_TLS_STARTED && second != DO_BODY &&
	    second != DO_TLS_STARTED;
}

/* Without PIPELINING each command waits for the reply to the command before
 * it. */
START_TEST(without_pipelining_each_command_waits)
{
	struct relay relay;
	unsigned first, second;

	for (first = 0; first < DO_COUNT; first++)
		for (second = 0; second < DO_COUNT; second++) {
			if (!is_pair(first, second))
				continue;
			relay_greet(&relay, NULL, 100,
			    "STARTTLS AUTH=PLAIN XFORWARD=NAME XCLIENT=NAME");
			if (first == DO_RCPT)
				relay_done(&relay, DO_MAIL, "250 OK\r\n");
			ck_assert_int_eq(relay_command(&relay, first),
			    MAILIN_OK);
			ck_assert_int_eq(relay_command(&relay, second),
			    MAILIN_ERROR_WAIT);
			relay_send(&relay);
			ck_assert_int_eq(relay_command(&relay, second),
			    MAILIN_ERROR_WAIT);
			relay_end(&relay);
		}
}
END_TEST

/* RFC 2920: with PIPELINING, some commands need not wait for some others. */
START_TEST(with_pipelining_some_commands_do_not_wait)
{
	struct relay relay;
	unsigned first, second;

	for (first = 0; first < DO_COUNT; first++)
		for (second = 0; second < DO_COUNT; second++) {
			bool goes = (second == DO_XFORWARD ||
					second == DO_MAIL) ?
			    first == DO_XFORWARD || first == DO_RSET :
			    second == DO_RCPT &&
				(first == DO_MAIL || first == DO_RCPT);

			if (!is_pair(first, second))
				continue;
			relay_greet(&relay, NULL, 100, RELAY_ALL);
			if (first == DO_RCPT)
				relay_done(&relay, DO_MAIL, "250 OK\r\n");
			ck_assert_int_eq(relay_command(&relay, first),
			    MAILIN_OK);
			ck_assert_msg(relay_command(&relay, second) ==
				(goes ? MAILIN_OK : MAILIN_ERROR_WAIT),
			    "%u after %u", second, first);
			relay_end(&relay);
		}
}
END_TEST

/* Replies belong to pipelined commands in the order of these commands (threat
 * V66). */
START_TEST(pipelined_replies_come_in_order)
{
	static const char replies[] =
	    "250 2.0.0 x\r\n250 2.1.0 m\r\n250 2.1.5 0\r\n"
	    "550 5.1.1 1\r\n251 2.1.5 2\r\n";
	struct relay relay;
	size_t step;

	for (step = 1; step < sizeof replies; step++) {
		relay_greet(&relay, NULL, step, RELAY_ALL);
		relay_call(&relay, relay_command(&relay, DO_XFORWARD));
		relay_call(&relay, relay_command(&relay, DO_MAIL));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 5);
		ck_assert_int_eq(mailin_client_awaits(relay.client),
		    MAILIN_CLIENT_XFORWARD);
		relay_text(&relay, replies);
		relay_expect(&relay,
		    "> XFORWARD NAME=[UNAVAILABLE]\n> MAIL FROM:<a@b>\n"
		    "> RCPT TO:<a@b>\n> RCPT TO:<a@b>\n> RCPT TO:<a@b>\n"
		    "XFORWARD 250 2.0.0 [x]\nMAIL 250 2.1.0 [m]\n"
		    "RCPT 0 250 2.1.5 [0]\nRCPT 1 550 5.1.1 [1]\n"
		    "RCPT 2 251 2.1.5 [2]\n");
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 0);
		ck_assert_int_eq(mailin_client_awaits(relay.client),
		    MAILIN_CLIENT_NONE);
		relay_end(&relay);
	}
}
END_TEST

/* If MAIL is refused, the transaction is over, even if the server accepts its
 * pipelined recipients. */
START_TEST(no_message_follows_a_refused_mail)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	relay_call(&relay, relay_command(&relay, DO_MAIL));
	relay_call(&relay, relay_command(&relay, DO_RCPT));
	relay_text(&relay, "550 no\r\n250 yes\r\n");
	relay_call(&relay, relay_command(&relay, DO_DATA));
	relay_call(&relay, relay_command(&relay, DO_RCPT));
	relay_call(&relay, relay_command(&relay, DO_MAIL));
	relay_call(&relay, relay_command(&relay, DO_DATA));
	relay_text(&relay, "250 yes\r\n");
	relay_call(&relay, relay_command(&relay, DO_DATA));
	relay_expect(&relay,
	    "> MAIL FROM:<a@b>\n> RCPT TO:<a@b>\nMAIL 550 [no]\n"
	    "RCPT 0 250 [yes]\nerror STATE\nerror STATE\nerror WAIT\n"
	    "> MAIL FROM:<a@b>\nMAIL 250 [yes]\nerror STATE\n");
	relay_end(&relay);
}
END_TEST

START_TEST(data_needs_an_accepted_recipient)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, "");
	relay_done(&relay, DO_MAIL, "250 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_DATA), MAILIN_ERROR_STATE);
	relay_done(&relay, DO_RCPT, "550 no\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_DATA), MAILIN_ERROR_STATE);
	relay_done(&relay, DO_RCPT, "450 no\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_DATA), MAILIN_ERROR_STATE);
	relay_done(&relay, DO_RCPT, "251 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_DATA), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

/* The recipients of a transaction do not count in the next one. */
START_TEST(rset_forgets_the_recipients)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	relay_transaction(&relay);
	relay_call(&relay, relay_command(&relay, DO_RSET));
	relay_call(&relay, relay_command(&relay, DO_MAIL));
	relay_text(&relay, "250 OK\r\n250 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_DATA), MAILIN_ERROR_STATE);
	relay.len = 0;
	relay_done(&relay, DO_RCPT, "250 OK\r\n");
	relay_expect(&relay, "> RCPT TO:<a@b>\nRCPT 0 250 [OK]\n");
	relay_end(&relay);
}
END_TEST

/* After a refused RSET the client cannot know whether the server still has the
 * transaction.  So it may only send QUIT. */
START_TEST(after_a_refused_rset_only_quit_is_left)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	relay_transaction(&relay);
	relay_done(&relay, DO_RSET, "550 no\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_HELLO), MAILIN_ERROR_STATE);
	ck_assert(!mailin_client_ready(relay.client));
	relay.len = 0;
	relay_done(&relay, DO_QUIT, "221 bye\r\n");
	relay_expect(&relay, "> QUIT\nQUIT 221 [bye]\n");
	relay_end(&relay);
}
END_TEST

/* If RSET is refused, the connection cannot be used again, whatever the reply
 * to the pipelined MAIL is (threat V67). */
START_TEST(a_refused_rset_is_final_in_a_pipeline)
{
	static const char *const replies[] = { "250 OK\r\n", "503 nested\r\n" };
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(replies); i++) {
		relay_greet(&relay, NULL, 100, RELAY_ALL);
		relay_transaction(&relay);
		ck_assert_int_eq(relay_command(&relay, DO_RSET), MAILIN_OK);
		ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_OK);
		relay_text(&relay, "550 no\r\n");
		relay_text(&relay, replies[i]);
		ck_assert(!mailin_client_ready(relay.client));
		ck_assert_int_eq(relay_command(&relay, DO_MAIL),
		    MAILIN_ERROR_STATE);
		ck_assert_int_eq(relay_command(&relay, DO_DATA),
		    MAILIN_ERROR_STATE);
		relay_done(&relay, DO_QUIT, "221 bye\r\n");
		ck_assert_int_eq(relay_command(&relay, DO_QUIT),
		    MAILIN_ERROR_STATE);
		relay_end(&relay);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_command_is_allowed_in_its_states,
		each_reply_leads_to_its_state,
		without_pipelining_each_command_waits,
		with_pipelining_some_commands_do_not_wait,
		pipelined_replies_come_in_order,
		no_message_follows_a_refused_mail,
		data_needs_an_accepted_recipient,
		rset_forgets_the_recipients,
		after_a_refused_rset_only_quit_is_left,
		a_refused_rset_is_final_in_a_pipeline,
	};

	return suite_run("client", tests, ROWS(tests));
}
