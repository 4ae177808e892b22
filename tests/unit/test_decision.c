/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests decisions that are made at once by a callback, or later:
 * src/session/decide.c. */
#include <stdio.h>
#include <string.h>

#include "support/stage.h"

static struct client client;

/* ---- Property 27: a later decision has the same result ------------------- */

/* A reply (verdict) that is tried for every decision.  The codes belong to
 * custom replies. */
struct verdict {
	enum mailin_reply reply;
	int code;
	const char *enhanced;
};

static const struct verdict verdicts[] = {
	{ MAILIN_REPLY_OK, 0, "" },
	{ MAILIN_REPLY_FAILED, 0, "" },
	{ MAILIN_REPLY_TRY_LATER, 0, "" },
	{ MAILIN_REPLY_NO_SERVICE, 0, "" },
	{ MAILIN_REPLY_BLOCKED_IP, 0, "" },
	{ MAILIN_REPLY_DONE, 0, "" },
	{ MAILIN_REPLY_START_DATA, 0, "" },
	{ MAILIN_REPLY_CUSTOM, 250, "2.6.0" },
	{ MAILIN_REPLY_CUSTOM, 354, "" },
	{ MAILIN_REPLY_CUSTOM, 450, "4.2.0" },
	{ MAILIN_REPLY_CUSTOM, 552, "5.2.3" },
	{ MAILIN_REPLY_CUSTOM, 421, "4.3.2" },
	{ MAILIN_REPLY_CUSTOM, 521, "5.7.1" },
	/* Custom replies that cannot be formatted (decision.h). */
	{ MAILIN_REPLY_CUSTOM, 250, "5.0.0" },
	{ MAILIN_REPLY_CUSTOM, 99, "" },
};

static const struct verdict *verdict;
static enum on asked;

static enum mailin_reply
give(struct client *c)
{
	return verdict->reply != MAILIN_REPLY_CUSTOM ?
	    verdict->reply :
	    mailin_session_reply(c->session, verdict->code, verdict->enhanced,
		"said %d\nand %s", 1, "more");
}

static void
agree(struct client *c, enum on on)
{
	if (on == asked)
		c->answers[on] = MAILIN_REPLY_OK;
}

/* The callback "asked" returns the verdict in its first call, and OK in later
 * calls.  But in LMTP all calls of the callback "data_end" return the
 * verdict. */
static void
answer_at_once(struct client *c, enum on on)
{
	if (on != asked)
		return;
	c->answers[on] = give(c);
	if (on != ON_DATA_END)
		c->hook = agree;
}

/* The result of a session, as texts. */
struct outcome {
	char out[4096], log[4096];
	enum mailin_want want;
};

static void
finish(struct outcome *outcome)
{
	client_lines(&client, "\r\n.\r\nRSET\r\nNOOP\r\n");
	outcome->want = mailin_session_want(client.session);
	client_lines(&client, "QUIT\r\n");
	client_drain(&client);
	snprintf(outcome->out, sizeof outcome->out, "%s", client.out.octets);
	snprintf(outcome->log, sizeof outcome->log, "%s", client.log.octets);
	client_end(&client);
}

static void
decide_at_once(const struct stage *stage, struct outcome *outcome)
{
	struct stage quick = *stage;

	quick.pending = ON_COUNT;
	asked = stage->pending;
	stage_open(&quick, &client);
	client.hook = answer_at_once;
	stage_play(&quick, &client);
	finish(outcome);
}

static void
decide_later(const struct stage *stage, struct outcome *outcome)
{
	uint64_t token;

	stage_open(stage, &client);
	stage_play(stage, &client);
	client.answers[stage->pending] = MAILIN_REPLY_OK;
	while ((token = mailin_session_decision(client.session)) != 0)
		if (mailin_session_resume(client.session, token,
			give(&client)) != MAILIN_OK)
			ck_abort_msg("%s: cannot resume", stage->name);
	finish(outcome);
}

START_TEST(a_decision_made_later_is_as_good_as_one_at_once)
{
	static struct outcome now, later;
	size_t i, j;

	for (i = 0; i < stages_count; i++)
		for (j = 0; stages[i].pending != ON_COUNT && j < ROWS(verdicts);
		     j++) {
			verdict = &verdicts[j];
			decide_at_once(&stages[i], &now);
			decide_later(&stages[i], &later);
			if (strcmp(now.out, later.out) != 0 ||
			    strcmp(now.log, later.log) != 0 ||
			    now.want != later.want)
				ck_abort_msg("%s, %d %d: at once\n%s\n%s\n"
					     "later\n%s\n%s",
				    stages[i].name, verdict->reply,
				    verdict->code, now.out, now.log, later.out,
				    later.log);
		}
}
END_TEST

/* A positive reply of the wrong class is an error of the program, so the client
 * gets 451. */
START_TEST(a_reply_of_a_wrong_class_is_a_local_error)
{
	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client.answers[ON_MAIL] = MAILIN_REPLY_START_DATA;
	client_expect(&client, "MAIL FROM:<a@b>", "451 4.3.0");
	client.answers[ON_MAIL] = MAILIN_REPLY_CUSTOM; /* not formatted */
	client_expect(&client, "MAIL FROM:<a@b>", "451 4.3.0");
	client.answers[ON_MAIL] = (enum mailin_reply)1000;
	client_expect(&client, "MAIL FROM:<a@b>", "451 4.3.0");
	client.answers[ON_MAIL] = MAILIN_REPLY_OK;
	client_envelope(&client, 1);
	client.answers[ON_DATA_START] = MAILIN_REPLY_DONE;
	client_expect(&client, "DATA", "451 4.3.0");
	client_end(&client);
}
END_TEST

/* ---- Tokens -------------------------------------------------------------- */

static uint64_t tokens[256];
static size_t tokens_count;

static void
note_token(struct client *c, enum on on)
{
	uint64_t token = mailin_session_decision(c->session);
	size_t i;

	if (on >= ON_DECISIONS) {
		if (token != 0)
			ck_abort_msg("%s has a token", client_on_name(on));
		return;
	}
	for (i = 0; i < tokens_count; i++)
		if (tokens[i] == token)
			ck_abort_msg("%s has a token that was used before",
			    client_on_name(on));
	if (token == 0 || tokens_count == ROWS(tokens))
		ck_abort_msg("%s has no token", client_on_name(on));
	tokens[tokens_count++] = token;
}

START_TEST(no_token_is_used_twice)
{
	size_t i;
	int turn;

	tokens_count = 0;
	stage_open(&stages[0], &client);
	client.hook = note_token;
	client_lines(&client,
	    "EHLO c\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n"
	    "VRFY a\r\nEXPN a\r\nHELP\r\nETRN a\r\n");
	for (turn = 0; turn < 10; turn++)
		client_lines(&client,
		    "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n"
		    "DATA\r\n\r\n.\r\n");
	client_lines(&client, "STARTTLS\r\n");
	ck_assert_uint_gt(tokens_count, 50);
	for (i = 0; i < tokens_count; i++)
		ck_assert_int_eq(mailin_session_resume(client.session,
				     tokens[i], MAILIN_REPLY_OK),
		    MAILIN_ERROR_STALE);
	client_end(&client);
}
END_TEST

START_TEST(a_decision_is_made_once)
{
	uint64_t token;

	stage_enter(&stages[0], &client);
	client.answers[ON_MAIL] = MAILIN_REPLY_PENDING;
	client.answers[ON_RCPT] = MAILIN_REPLY_PENDING;
	client_greet(&client);
	client_expect(&client, "MAIL FROM:<a@b>", "");
	token = mailin_session_decision(client.session);
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token, MAILIN_REPLY_OK),
	    MAILIN_OK);
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token, MAILIN_REPLY_FAILED),
	    MAILIN_ERROR_STALE);
	client_expect_replies(&client, "250 2.1.0");
	client_expect(&client, "RCPT TO:<a@b>", "");
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token, MAILIN_REPLY_FAILED),
	    MAILIN_ERROR_STALE);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_DECISION);
	client_expect_replies(&client, "");
	client_end(&client);
}
END_TEST

/* ---- Input while a decision is pending ----------------------------------- */

/* Input is not parsed while a decision is pending.  After MAIL such input does
 * not come too early, because the client need not wait (RFC 2920 3.1). */
START_TEST(input_is_not_read_while_a_decision_is_open)
{
	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client.answers[ON_MAIL] = MAILIN_REPLY_PENDING;
	ck_assert_uint_eq(
	    client_feed(&client, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", 32),
	    17);
	(void)client_log(&client);
	ck_assert_uint_eq(client_feed(&client, "RCPT TO:<c@d>\r\n", 15), 0);
	client_expect_log(&client, "");
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_OK),
	    MAILIN_OK);
	client_expect(&client, "RCPT TO:<c@d>", "250 2.1.5");
	client_end(&client);
}
END_TEST

struct early_row {
	const char *lines;
	enum on pending;
	const char *replies;
};

/* An octet arrives while the decision on a command is pending.  If the client
 * must wait for the reply to this command, it also gets 554 (threat V41). */
static const struct early_row early_rows[] = {
	{ "EHLO c\r\n", ON_HELO, "250|554 5.5.0" },
	{ "EHLO c\r\nVRFY a\r\n", ON_VRFY, "252 2.0.0|554 5.5.0" },
	{ "EHLO c\r\nEXPN a\r\n", ON_EXPN, "250 2.0.0|554 5.5.0" },
	{ "EHLO c\r\nSTARTTLS\r\n", ON_STARTTLS, "554 5.5.0" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
	    ON_DATA_START, "354|554 5.5.0" },
	{ "EHLO c\r\nHELP\r\n", ON_HELP, "214 2.0.0" },
	{ "EHLO c\r\nETRN a\r\n", ON_ETRN, "250 2.0.0" },
	{ "EHLO c\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n", ON_AUTH, "235 2.7.0" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", ON_RCPT,
	    "250 2.1.5" },
};

START_TEST(input_may_come_too_early_while_a_decision_is_open)
{
	size_t i;

	for (i = 0; i < ROWS(early_rows); i++) {
		const struct early_row *row = &early_rows[i];

		stage_enter(&stages[0], &client);
		client.answers[row->pending] = MAILIN_REPLY_PENDING;
		client_lines(&client, row->lines);
		(void)client_replies(&client);
		ck_assert_uint_eq(client_feed(&client, "N", 1), 0);
		ck_assert_int_eq(mailin_session_resume(client.session,
				     mailin_session_decision(client.session),
				     MAILIN_REPLY_OK),
		    MAILIN_OK);
		ck_assert_msg(mailin_session_want(client.session) ==
			(strstr(row->replies, "554") != NULL ?
				MAILIN_WANT_CLOSE :
				MAILIN_WANT_INPUT),
		    "%s", row->lines);
		client_expect_replies(&client, row->replies);
		client_end(&client);
	}
}
END_TEST

/* A client that must wait for the reply to a command must do so even if the
 * command is refused. */
START_TEST(a_refusal_is_waited_for_too)
{
	stage_enter(&stages[0], &client);
	client_greet(&client);
	client.answers[ON_VRFY] = MAILIN_REPLY_PENDING;
	client_expect(&client, "VRFY a", "");
	client_feed(&client, "N", 1);
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_NO_MAILBOX),
	    MAILIN_OK);
	client_expect_replies(&client, "550 5.1.1|554 5.5.0");
	client_end(&client);
}
END_TEST

/* Only one call of mailin_session_resume can use a formatted reply.  If the
 * reply were used a second time, it would refuse a message that the program has
 * accepted. */
START_TEST(a_formatted_reply_is_used_up)
{
	uint64_t token;

	stage_enter(&stages[0], &client);
	client_greet(&client);
	client.answers[ON_MAIL] = MAILIN_REPLY_PENDING;
	client.answers[ON_RCPT] = MAILIN_REPLY_PENDING;
	client_expect(&client, "MAIL FROM:<a@b>", "");
	token = mailin_session_decision(client.session);
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token, MAILIN_REPLY_CUSTOM),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token,
		mailin_session_reply(client.session, 250, "2.1.0", "yes")),
	    MAILIN_OK);
	client_expect_replies(&client, "250 2.1.0");
	client_expect(&client, "RCPT TO:<c@d>", "");
	token = mailin_session_decision(client.session);
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token, MAILIN_REPLY_CUSTOM),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_DECISION);
	ck_assert_int_eq(
	    mailin_session_resume(client.session, token, MAILIN_REPLY_OK),
	    MAILIN_OK);
	client_expect_replies(&client, "250 2.1.5");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_decision_made_later_is_as_good_as_one_at_once,
		a_reply_of_a_wrong_class_is_a_local_error,
		no_token_is_used_twice,
		a_decision_is_made_once,
		input_is_not_read_while_a_decision_is_open,
		input_may_come_too_early_while_a_decision_is_open,
		a_refusal_is_waited_for_too,
		a_formatted_reply_is_used_up,
	};

	return suite_run("decision", tests, ROWS(tests));
}
