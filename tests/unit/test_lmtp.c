/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* LMTP, RFC 2033: one reply to a message for each recipient. */
#include <stdio.h>
#include <string.h>

#include "support/handler_log.h"

static struct client client;

static void
start(size_t rcpts)
{
	client_init(&client);
	client_set(&client, "protocol", "lmtp");
	client_begin(&client);
	client_greet(&client);
	if (rcpts > 0)
		client_envelope(&client, rcpts);
}

static void
send_message(void)
{
	client_octets(&client, SPAN("DATA\r\n"));
	client_octets(&client, SPAN("x\r\n.\r\n"));
}

static enum mailin_error
resume(uint64_t token, enum mailin_reply reply)
{
	return mailin_session_resume(client.session, token, reply);
}

START_TEST(lmtp_is_greeted_by_lhlo_alone)
{
	client_init(&client);
	client_set(&client, "protocol", "lmtp");
	/* LMTP always has PIPELINING and ENHANCEDSTATUSCODES (RFC 2033 5). */
	client_set(&client, "extensions", "");
	client_begin(&client);
	client_expect(&client, "HELO c", "500 5.5.1");
	client_expect(&client, "EHLO c", "500 5.5.1");
	client_expect(&client, "MAIL FROM:<a@b>", "503 5.5.1");
	client_expect(&client, "LHLO c", "250");
	ck_assert_ptr_nonnull(strstr(client.out.octets, "-PIPELINING\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(client.out.octets, " ENHANCEDSTATUSCODES\r\n"));
	client_end(&client);
}
END_TEST

/* ---- As many replies as recipients (threat V47, property 23) ---- */

static int turn;

/* Give each recipient a different verdict. */
static void
answer_each(struct client *c, enum on on)
{
	if (on != ON_DATA_END)
		return;
	turn++;
	c->answers[on] = mailin_session_reply(c->session, turn % 2 ? 250 : 550,
	    turn % 2 ? "2.0.0" : "5.2.0", "no. %d", turn);
}

START_TEST(each_recipient_has_a_reply_in_order)
{
	start(1);
	/* The same address given twice counts as two recipients. */
	client_expect(&client, "RCPT TO:<r0@d.example>", "250 2.1.5");
	client_expect(&client, "RCPT TO:<r1@d.example>", "250 2.1.5");
	client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
	client_expect(&client, "RCPT TO:<r2@d.example>", "550 5.1.1");
	(void)client_log(&client);
	client.hook = answer_each;
	turn = 0;
	send_message();
	client_expect_replies(&client, "354|250 2.0.0|550 5.2.0|250 2.0.0");
	client_expect_log(&client,
	    "data_start\ndata x\r\n\n"
	    "data_end r0@d.example\ndata_end r0@d.example\n"
	    "data_end r1@d.example");
	ck_assert_ptr_nonnull(strstr(client.out.octets,
	    "250 2.0.0 no. 1\r\n550 5.2.0 no. 2\r\n250 2.0.0 no. 3\r\n"));
	client_end(&client);
}
END_TEST

START_TEST(a_chunk_has_one_reply_and_the_last_has_one_for_each)
{
	start(3);
	client_octets(&client, SPAN("BDAT 3\r\nabc"));
	client_expect_replies(&client, "250 2.0.0");
	client_octets(&client, SPAN("BDAT 3 LAST\r\nabc"));
	client_expect_replies(&client, "250 2.0.0|250 2.0.0|250 2.0.0");
	client_end(&client);
}
END_TEST

START_TEST(a_refused_message_is_refused_for_each)
{
	start(3);
	client.answers[ON_DATA] = MAILIN_REPLY_OUT_OF_SPACE;
	send_message();
	client_expect_replies(&client, "354|452 4.3.1|452 4.3.1|452 4.3.1");
	client.answers[ON_DATA] = MAILIN_REPLY_OK;
	client_envelope(&client, 2);
	client.answers[ON_DATA_START] = MAILIN_REPLY_TRY_LATER;
	client_octets(&client, SPAN("BDAT 3\r\nabc"));
	client_expect_replies(&client, "450 4.7.1");
	client_octets(&client, SPAN("BDAT 3\r\nabc"));
	client_expect_replies(&client, "450 4.7.1");
	client_octets(&client, SPAN("BDAT 0 LAST\r\n"));
	client_expect_replies(&client, "450 4.7.1|450 4.7.1");
	client_end(&client);
}
END_TEST

/* RFC 2033 4.2: DATA without recipients gets 503, and not 554 as in SMTP. */
START_TEST(without_recipients_there_is_no_message)
{
	start(0);
	client_envelope(&client, 0);
	client_expect(&client, "DATA", "503 5.5.1");
	client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
	client_expect(&client, "RCPT TO:<a@b>", "550 5.1.1");
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "BDAT 0 LAST", "503 5.5.1");
	client_end(&client);
}
END_TEST

/* ---- Several pending decisions ------------------------------------------- */

static uint64_t tokens[3];

static void
take_tokens(struct client *c, enum on on)
{
	if (on == ON_DATA_END)
		tokens[turn++] = mailin_session_decision(c->session);
}

static void
wait_for_three(void)
{
	start(3);
	client.answers[ON_DATA_END] = MAILIN_REPLY_PENDING;
	client.hook = take_tokens;
	turn = 0;
	send_message();
	client_expect_replies(&client, "354");
	ck_assert_int_eq(turn, 3);
	ck_assert_uint_eq(mailin_session_decision(client.session), tokens[0]);
}

START_TEST(decisions_come_in_any_order_and_replies_in_theirs)
{
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	static const enum mailin_reply replies[3] = { MAILIN_REPLY_OK,
		MAILIN_REPLY_NO_STORAGE, MAILIN_REPLY_TRY_LATER };
	size_t i, j;

	for (i = 0; i < ROWS(orders); i++) {
		wait_for_three();
		for (j = 0; j < 3; j++) {
			int n = orders[i][j];

			ck_assert_int_eq(mailin_session_want(client.session),
			    MAILIN_WANT_DECISION);
			ck_assert_int_eq(resume(tokens[n], replies[n]),
			    MAILIN_OK);
			ck_assert_int_eq(resume(tokens[n], replies[n]),
			    MAILIN_ERROR_STALE);
		}
		client_expect_replies(&client, "250 2.0.0|552 5.2.2|450 4.7.1");
		ck_assert_int_eq(mailin_session_want(client.session),
		    MAILIN_WANT_INPUT);
		client_end(&client);
	}
}
END_TEST

START_TEST(a_reply_waits_for_those_before_it_and_no_others)
{
	wait_for_three();
	ck_assert_int_eq(resume(tokens[1], MAILIN_REPLY_OK), MAILIN_OK);
	client_expect_replies(&client, "");
	ck_assert_uint_eq(mailin_session_decision(client.session), tokens[0]);
	ck_assert_int_eq(resume(tokens[0], MAILIN_REPLY_OK), MAILIN_OK);
	client_expect_replies(&client, "250 2.0.0|250 2.0.0");
	ck_assert_uint_eq(mailin_session_decision(client.session), tokens[2]);
	ck_assert_int_eq(resume(tokens[2], MAILIN_REPLY_OK), MAILIN_OK);
	client_expect_replies(&client, "250 2.0.0");
	client_end(&client);
}
END_TEST

/* Each custom reply keeps its own text, whatever the order of formatting. */
START_TEST(custom_replies_keep_to_their_recipients)
{
	int i;

	wait_for_three();
	for (i = 2; i >= 0; i--)
		ck_assert_int_eq(resume(tokens[i],
				     mailin_session_reply(client.session, 250,
					 "2.0.0", "kept as %d", i)),
		    MAILIN_OK);
	client_drain(&client);
	ck_assert_ptr_nonnull(strstr(client.out.octets,
	    "250 2.0.0 kept as 0"
	    "\r\n250 2.0.0 kept as 1\r\n250 2.0.0 kept as 2\r\n"));
	client_end(&client);
}
END_TEST

/* While the callback "trace" or "reset" runs, no decision is pending. */
static void
decide_aside(struct client *c, enum on on)
{
	if (on != ON_TRACE && on != ON_RESET)
		return;
	if (mailin_session_decision(c->session) != 0)
		ck_abort_msg("%s decides", client_on_name(on));
	if (mailin_session_resume(c->session, tokens[2], MAILIN_REPLY_FAILED) !=
	    MAILIN_ERROR_BUSY)
		ck_abort_msg("%s resumes", client_on_name(on));
}

START_TEST(between_the_replies_no_decision_is_in_hand)
{
	int i;

	wait_for_three();
	handler_log_trace(&client.handler);
	client.hook = decide_aside;
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(resume(tokens[i], MAILIN_REPLY_REFUSED),
		    MAILIN_OK);
	client_expect_replies(&client, "550 5.7.1|550 5.7.1|550 5.7.1");
	client_end(&client);
}
END_TEST

static void
format_aside(struct client *c, enum on on)
{
	if (on == ON_TRACE)
		ck_assert_int_eq(mailin_session_reply(c->session, 250, "", "x"),
		    MAILIN_REPLY_OK);
}

START_TEST(a_text_belongs_to_a_decision)
{
	wait_for_three();
	ck_assert_int_eq(resume(tokens[0], MAILIN_REPLY_CUSTOM),
	    MAILIN_ERROR_ARGUMENT);
	handler_log_trace(&client.handler);
	client.hook = format_aside;
	ck_assert_int_eq(resume(tokens[0], MAILIN_REPLY_OK), MAILIN_OK);
	client_end(&client);
}
END_TEST

/* ---- Replies that are due when the session ends -------------------------- */

START_TEST(shutdown_waits_for_every_reply)
{
	wait_for_three();
	ck_assert_int_eq(mailin_session_shutdown(client.session), MAILIN_OK);
	ck_assert_int_eq(mailin_session_timed_out(client.session),
	    MAILIN_ERROR_STATE);
	ck_assert_int_eq(resume(tokens[2], MAILIN_REPLY_OK), MAILIN_OK);
	ck_assert_int_eq(resume(tokens[1], MAILIN_REPLY_OK), MAILIN_OK);
	client_expect_replies(&client, "");
	ck_assert_int_eq(resume(tokens[0], MAILIN_REPLY_OK), MAILIN_OK);
	client_expect_replies(&client,
	    "250 2.0.0|250 2.0.0|250 2.0.0|421 4.3.2");
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_CLOSE);
	client_end(&client);
}
END_TEST

START_TEST(eof_waits_for_every_reply)
{
	int i;

	wait_for_three();
	ck_assert_int_eq(mailin_session_eof(client.session), MAILIN_OK);
	(void)client_log(&client);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(resume(tokens[i], MAILIN_REPLY_OK), MAILIN_OK);
	client_expect_replies(&client, "250 2.0.0|250 2.0.0|250 2.0.0");
	client_expect_log(&client, "close EOF");
	client_end(&client);
}
END_TEST

/* Fill the queue so that only one of the replies to the message fits in. */
static void
fill_output(void)
{
	client_init(&client);
	client_set(&client, "protocol", "lmtp");
	client_set(&client, "output", "4096");
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 3);
	client_expect(&client, "DATA", "354");
	(void)client_log(&client);
	ck_assert_uint_eq(client_feed(&client, ".\r\n", 3), 3);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_OUTPUT);
}

START_TEST(replies_wait_for_room)
{
	fill_output();
	ck_assert_uint_eq(client_feed(&client, "RSET\r\n", 6), 0);
	client_expect_replies(&client, "250 2.0.0|250 2.0.0|250 2.0.0");
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_INPUT);
	client_end(&client);
}
END_TEST

/* The message is stored, so a 421 must not replace a 250. */
START_TEST(no_421_takes_the_place_of_a_reply_that_waits_for_room)
{
	fill_output();
	(void)mailin_session_timed_out(client.session);
	client_drain(&client);
	ck_assert_msg(strncmp(client_replies(&client),
			  "250 2.0.0|250 2.0.0|250 2.0.0", 29) == 0,
	    "%s", client.out.octets);
	client_end(&client);
}
END_TEST

/* handler.h: the callback "reset" is not called for an accepted message. */
START_TEST(an_accepted_message_is_not_reset)
{
	fill_output();
	(void)client_log(&client);
	ck_assert_int_eq(
	    mailin_session_abort(client.session, MAILIN_CLOSE_ABORT),
	    MAILIN_OK);
	client_expect_log(&client, "close ABORT");
	client_end(&client);
}
END_TEST

START_TEST(a_message_without_a_receiver_is_reset)
{
	start(2);
	client.answers[ON_DATA_END] = MAILIN_REPLY_NO_STORAGE;
	(void)client_log(&client);
	send_message();
	client_expect_replies(&client, "354|552 5.2.2|552 5.2.2");
	client_expect_log(&client,
	    "data_start\ndata x\r\n\n"
	    "data_end r0@d.example\ndata_end r1@d.example\nreset REFUSED");
	client.hook = answer_each;
	turn = 0;
	client_envelope(&client, 2);
	send_message();
	client_expect_replies(&client, "354|250 2.0.0|550 5.2.0");
	ck_assert_ptr_null(strstr(client_log(&client), "reset"));
	client_end(&client);
}
END_TEST

/* The reply to a stored message is never an error (property 47). */
START_TEST(without_memory_every_recipient_has_its_reply)
{
	const char *replies;
	size_t i;

	start(500);
	client_expect(&client, "DATA", "354");
	heap_fail(&client.heap, 1, true);
	client_octets(&client, SPAN("x\r\n.\r\n"));
	replies = client_replies(&client);
	ck_assert_uint_eq(strlen(replies), 500 * 10 - 1);
	for (i = 0; i < 500; i++)
		ck_assert(strncmp(replies + 10 * i, "250 2.0.0", 9) == 0);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		lmtp_is_greeted_by_lhlo_alone,
		each_recipient_has_a_reply_in_order,
		a_chunk_has_one_reply_and_the_last_has_one_for_each,
		a_refused_message_is_refused_for_each,
		without_recipients_there_is_no_message,
		decisions_come_in_any_order_and_replies_in_theirs,
		a_reply_waits_for_those_before_it_and_no_others,
		custom_replies_keep_to_their_recipients,
		between_the_replies_no_decision_is_in_hand,
		a_text_belongs_to_a_decision,
		shutdown_waits_for_every_reply,
		eof_waits_for_every_reply,
		replies_wait_for_room,
		no_421_takes_the_place_of_a_reply_that_waits_for_room,
		an_accepted_message_is_not_reset,
		a_message_without_a_receiver_is_reset,
		without_memory_every_recipient_has_its_reply,
	};

	return suite_run("lmtp", tests, ROWS(tests));
}
