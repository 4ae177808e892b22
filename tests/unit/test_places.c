/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Give each standard reply to each decision that a program makes:
 * src/session/decide.h. */
#include <stdlib.h>
#include <string.h>

#include "support/stage.h"

static struct client client;

#define REPLY(name) MAILIN_REPLY_##name

/* Positive replies that agree with a decision, besides OK.  If "done" is true,
 * DONE agrees, too, because for this decision the RFCs prescribe code 250, or
 * let the server choose the code. */
struct place {
	bool done;
	enum mailin_reply own[3];
};

/* clang-format off */
static const struct place places[ON_DECISIONS] = {
	[ON_CONNECT]    = { false, { REPLY(GREETING) } },
	[ON_HELO]       = { true, { REPLY(OK) } },
	[ON_STARTTLS]   = { false, { REPLY(START_TLS) } },
	[ON_AUTH]       = { true, { REPLY(AUTH_OK) } },
	[ON_SASL]       = { true, { REPLY(AUTH_OK) } },
	[ON_MAIL]       = { true, { REPLY(SENDER_OK) } },
	[ON_RCPT]       = { true, { REPLY(RECIPIENT_OK) } },
	[ON_DATA_START] = { false, { REPLY(START_DATA) } },
	[ON_DATA]       = { true, { REPLY(OK) } },
	[ON_DATA_END]   = { true, { REPLY(RECIPIENT_OK) } },
	[ON_VRFY]       = { true, { REPLY(CANNOT_VERIFY),
	    REPLY(RECIPIENT_OK) } },
	[ON_EXPN]       = { true, { REPLY(CANNOT_VERIFY),
	    REPLY(RECIPIENT_OK) } },
	[ON_HELP]       = { true, { REPLY(HELP) } },
	[ON_ETRN]       = { true, { REPLY(OK) } },
	[ON_BURL]       = { true, { REPLY(OK) } },
	[ON_XCLIENT]    = { true, { REPLY(OK) } },
	[ON_VERB]       = { true, { REPLY(OK) } },
	[ON_PARAMETER]  = { true, { REPLY(OK) } },
};
/* clang-format on */

static bool
belongs(enum on on, enum mailin_reply reply)
{
	size_t i;

	if (reply == MAILIN_REPLY_OK ||
	    (reply == MAILIN_REPLY_DONE && places[on].done))
		return true;
	for (i = 0; i < ROWS(places[on].own); i++)
		if (reply == places[on].own[i])
			return true;
	return false;
}

/* Give this reply to the decision that the stage waits for.  Returns the code
 * of the first reply that the client gets, which may be the reply to the end of
 * the message. */
static int
code_of(const struct stage *stage, enum mailin_reply reply)
{
	const char *got;

	stage_enter(stage, &client);
	client.answers[stage->pending] = MAILIN_REPLY_OK;
	if (stage->pending == ON_SASL)
		ck_assert_int_eq(
		    mailin_session_set_identity(client.session, "user"),
		    MAILIN_OK);
	while (mailin_session_decision(client.session) != 0)
		ck_assert_int_eq(mailin_session_resume(client.session,
				     mailin_session_decision(client.session),
				     reply),
		    MAILIN_OK);
	got = client_replies(&client);
	if (*got == '\0') {
		client_lines(&client, "\r\n.\r\n");
		got = client_replies(&client);
	}
	return atoi(got);
}

/* Returns the code that the client gets after an error of the program. */
static int
error_of(const struct stage *stage)
{
	return stage->pending == ON_CONNECT ? 421 : 451;
}

static void
check_positive(const struct stage *stage, enum mailin_reply reply)
{
	int code = code_of(stage, reply);
	bool agreed = code < 400;

	if (agreed != belongs(stage->pending, reply) ||
	    (!agreed && code != error_of(stage)))
		ck_abort_msg("%s: %s gives %d", stage->name,
		    mailin_reply_text(reply), code);
}

/* A program may refuse at every decision.  The client must get the code of the
 * refusal, but 421 if a 4xx takes the place of the greeting. */
static void
check_negative(const struct stage *stage, enum mailin_reply reply)
{
	int want = mailin_reply_code(reply), code = code_of(stage, reply);

	if (stage->pending == ON_CONNECT && want / 100 == 4)
		want = 421;
	if (code != want)
		ck_abort_msg("%s: %s gives %d", stage->name,
		    mailin_reply_text(reply), code);
}

START_TEST(a_positive_standard_reply_agrees_only_in_its_places)
{
	size_t i;
	int reply;

	for (i = 0; i < stages_count; i++)
		for (reply = 0; stages[i].pending != ON_COUNT &&
		     reply < MAILIN_REPLY_COUNT;
		     reply++) {
			enum mailin_reply given = (enum mailin_reply)reply;

			if (given == MAILIN_REPLY_PENDING ||
			    given == MAILIN_REPLY_CUSTOM)
				continue;
			if (mailin_reply_code(given) < 400)
				check_positive(&stages[i], given);
			else
				check_negative(&stages[i], given);
			client_end(&client);
		}
}
END_TEST

/* The reply GREETING is wrong for a message: the message is not accepted, and
 * the callback "reset" is called. */
START_TEST(a_message_that_gets_a_greeting_is_reset)
{
	stage_open(&stages[0], &client);
	client_greet(&client);
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	client.answers[ON_DATA_END] = MAILIN_REPLY_GREETING;
	(void)client_log(&client);
	client_lines(&client, "x\r\n.\r\n");
	client_expect_replies(&client, "451 4.3.0");
	ck_assert_ptr_nonnull(strstr(client_log(&client), "reset REFUSED"));
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_positive_standard_reply_agrees_only_in_its_places,
		a_message_that_gets_a_greeting_is_reset,
	};

	return suite_run("places", tests, ROWS(tests));
}
