/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests messages that are fed line by line.  For these lines
 * mailin_session_feed has a faster way to decode them: src/session/input.c. */
#include <stdio.h>
#include <string.h>

#include "support/taker.h"

static struct taker taker;
static struct decoded want;

/* Lines of a message.  The row "no end" has no line end: the next row, which is
 * CR LF, ends this line.  Elsewhere CR LF is an empty line. */
/* clang-format off */
static const char *const lines[] = {
	"Subject: lines\r\n", "\r\n", "x\r\n", "1234567\r\n", "12345678\r\n",
	"a line of fifteen.\r\n", "a line of more than thirty octets\r\n",
	"a line of seventy-six octets as MIME has them, and no octet more in i"
	    "t....\r\n",
	"..stuffed\r\n", ".x\r\n", ".\r.\r\n", "\ttab\r\n", "\x80\r\n",
	"caf\xc3\xa9, after which there are as many octets as need be\r\n",
	"a bare CR\rin it\r\n", "a bare LF\nin it\r\n", "\n\r\n", "\r\r\n",
	"a line of more than 128 octets, for which the long way is as good: it "
	    "is a hundred and more, up to the last of them, which is that of t"
	    "he line's end\r\n",
	"no end", "\r\n", "\x0b\x0c vertical, which is text\r\n", "last\r\n",
};
/* clang-format on */

/* How many times the message repeats the lines.  It is then long enough for
 * mailin_session_progress() to grow. */
#define TIMES 20
#define LINES (TIMES * ROWS(lines))

static struct mailin_span
join_lines(void)
{
	static char octets[TIMES * 1200];
	size_t i, len = 0;

	for (i = 0; i < LINES; i++) {
		const char *line = lines[i % ROWS(lines)];

		memcpy(octets + len, line, strlen(line));
		len += strlen(line);
	}
	memcpy(octets + len, ".\r\n", 3);
	return (struct mailin_span){ octets, len + 3 };
}

/* Feed a message line by line, until its end or until the handler (taker.h)
 * frees the session. */
static void
feed_lines(void)
{
	size_t i;

	for (i = 0; i < LINES && !taker.freed; i++)
		taker_feed(&taker, mailin_span_of(lines[i % ROWS(lines)]),
		    SIZE_MAX);
	if (!taker.freed)
		taker_feed(&taker, SPAN(".\r\n"), SIZE_MAX);
}

static uint64_t
play(const char *const settings[4], bool by_lines, size_t limit,
    const char *reply)
{
	struct mailin_span all = join_lines();
	uint64_t progress;

	taker_start(&taker, settings);
	taker.limit = limit;
	taker_data(&taker);
	if (by_lines)
		feed_lines();
	else
		taker_feed(&taker, all, SIZE_MAX);
	client_expect_replies(&taker.client, reply);
	progress = mailin_session_progress(taker.client.session);
	taker_check(&taker, &want, limit > 0 ? limit : SIZE_MAX, reply);
	taker_end(&taker);
	return progress;
}

/* Lines that are fed one by one make the same message as lines that are fed all
 * at once (threat V1; properties 2 and 3). */
START_TEST(lines_one_by_one_are_the_message)
{
	static const char *const policies[] = { "bare-newline=normalize",
		TAKER_REJECTS, "bare-newline=preserve" };
	int policy;

	for (policy = 0; policy < 3; policy++) {
		const char *const settings[4] = { policies[policy] };
		const char *reply;
		struct mailin_facts facts;
		uint64_t progress;

		decoder_run(&want, join_lines(),
		    (enum mailin_bare_newline)policy, true, false);
		reply = want.refused ? "550 5.5.2" : "250 2.0.0";
		progress = play(settings, false, 0, reply);
		facts = taker.facts;
		ck_assert_uint_eq(play(settings, true, 0, reply), progress);
		ck_assert(decoder_same_facts(&taker.facts, &facts));
		ck_assert(
		    want.refused || decoder_same_facts(&facts, &want.facts));
	}
}
END_TEST

/* The octets up to the limit are delivered, even if a line ends exactly
 * there. */
START_TEST(lines_end_at_the_limit_of_size)
{
	char setting[40];
	const char *const settings[4] = { setting };
	size_t limit;

	decoder_run(&want, join_lines(), MAILIN_BARE_NEWLINE_NORMALIZE, true,
	    false);
	for (limit = 1; limit <= want.len + 1;
	     limit += limit < 999 ? suite_stride(7) : 31) {
		snprintf(setting, sizeof setting, "message-size=%zu", limit);
		play(settings, true, limit,
		    want.len > limit ? "552 5.3.4" : "250 2.0.0");
	}
}
END_TEST

/* At each line in turn the handler refuses the message, or does something else
 * that handler.h allows.  Octets after a refusal are not delivered. */
START_TEST(a_handler_may_do_at_a_line_what_it_may_elsewhere)
{
	static const enum taking takings[] = { TAKE_LATER, TAKE_RESUME,
		TAKE_FORMAT, TAKE_FREE, TAKE_REFUSE };
	size_t i, at;

	decoder_run(&want, join_lines(), MAILIN_BARE_NEWLINE_NORMALIZE, true,
	    false);
	for (i = 0; i < ROWS(takings); i++)
		for (at = 1; at <= ROWS(lines); at++) {
			taker_start(&taker, NULL);
			taker_data(&taker);
			taker.taking = takings[i];
			taker.at = at;
			feed_lines();
			if (!taker.freed)
				client_expect_replies(&taker.client,
				    takings[i] == TAKE_REFUSE ? "554 5.0.0" :
								"250 2.0.0");
			taker_check(&taker, &want,
			    taker.freed || takings[i] == TAKE_REFUSE ?
				taker.len :
				SIZE_MAX,
			    "at a line");
			ck_assert(
			    takings[i] != TAKE_REFUSE || taker.calls == at);
			taker_end(&taker);
		}
}
END_TEST

/* ---- Lines for which the faster way is not allowed ---- */

/* config.h: the client must not send before the 354 was sent. */
START_TEST(a_line_before_the_354_is_early_talk)
{
	static const char *const settings[4] = { "message-size=1000" };

	taker_start(&taker, settings);
	client_envelope(&taker.client, 1);
	ck_assert_uint_eq(client_feed(&taker.client, "DATA\r\n", 6), 6);
	ck_assert_uint_eq(client_feed(&taker.client, "a line\r\n", 8), 0);
	client_expect_replies(&taker.client, "354|554 5.5.0");
	ck_assert_int_eq(mailin_session_want(taker.client.session),
	    MAILIN_WANT_CLOSE);
	taker_end(&taker);
}
END_TEST

/* If the policy allows pipelining, a line that comes before the 354 is
 * accepted. */
START_TEST(a_line_before_the_354_is_taken_if_no_reply_must_wait)
{
	static const char *const settings[4] = { "pipelining=allow",
		"message-size=1000" };

	taker_start(&taker, settings);
	client_envelope(&taker.client, 1);
	ck_assert_uint_eq(client_feed(&taker.client, "DATA\r\n", 6), 6);
	ck_assert_uint_eq(client_feed(&taker.client, "a line\r\n", 8), 8);
	ck_assert_uint_eq(client_feed(&taker.client, ".\r\n", 3), 3);
	ck_assert_uint_eq(taker.len, 8);
	client_expect_replies(&taker.client, "354|250 2.0.0");
	taker_end(&taker);
}
END_TEST

/* handler.h: if a formatted reply is not used, the next call of the library
 * drops it. */
START_TEST(a_reply_that_was_not_used_is_gone_at_the_next_line)
{
	taker_start(&taker, NULL);
	taker_data(&taker);
	taker.taking = TAKE_STALE;
	taker.at = 2;
	feed_lines();
	ck_assert_uint_eq(taker.calls, 3);
	client_expect_replies(&taker.client, "451 4.3.0");
	taker_end(&taker);
}
END_TEST

static size_t traces;

static void
feed_from_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	(void)direction, (void)line, (void)user;
	traces++;
	if (mailin_session_feed(session, "a line\r\n", 8) != 0)
		ck_abort_msg("fed from inside");
}

START_TEST(no_line_is_read_from_inside_a_callback)
{
	static const char *const settings[4] = { "message-size=1000" };

	taker_start(&taker, settings);
	taker.client.handler.trace = feed_from_trace;
	taker_data(&taker);
	ck_assert_uint_gt(traces, 5);
	ck_assert_uint_eq(taker.len, 0);
	taker_feed(&taker, SPAN("a line\r\n.\r\n"), SIZE_MAX);
	ck_assert_uint_eq(taker.len, 8);
	taker_end(&taker);
}
END_TEST

START_TEST(no_line_is_read_after_the_end_of_input)
{
	taker_start(&taker, NULL);
	taker_data(&taker);
	taker_feed(&taker, SPAN("a line\r\n"), SIZE_MAX);
	ck_assert_int_eq(mailin_session_eof(taker.client.session), MAILIN_OK);
	ck_assert_uint_eq(client_feed(&taker.client, "a line\r\n", 8), 0);
	ck_assert_uint_eq(taker.len, 8);
	taker_end(&taker);
}
END_TEST

/* A shutdown ends the session after the message, not inside it. */
START_TEST(lines_go_on_while_a_shutdown_waits)
{
	taker_start(&taker, NULL);
	taker_data(&taker);
	taker_feed(&taker, SPAN("a line\r\n"), SIZE_MAX);
	ck_assert_int_eq(mailin_session_shutdown(taker.client.session),
	    MAILIN_OK);
	taker_feed(&taker, SPAN("a line\r\n"), SIZE_MAX);
	ck_assert_uint_eq(taker.len, 16);
	taker_feed(&taker, SPAN(".\r\n"), SIZE_MAX);
	client_expect_replies(&taker.client, "250 2.0.0|421 4.3.2");
	taker_end(&taker);
}
END_TEST

/* handler.h: without a "data" callback the message is refused, because its
 * octets would be lost. */
START_TEST(without_a_callback_a_line_is_refused)
{
	taker_start(&taker, NULL);
	taker.client.handler.data = NULL;
	taker_data(&taker);
	(void)client_log(&taker.client);
	client_octets(&taker.client, SPAN("a line\r\n"));
	client_expect_log(&taker.client, "reset REFUSED");
	client_octets(&taker.client, SPAN(".\r\n"));
	client_expect_replies(&taker.client, "451 4.3.0");
	taker_end(&taker);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		lines_one_by_one_are_the_message,
		lines_end_at_the_limit_of_size,
		a_handler_may_do_at_a_line_what_it_may_elsewhere,
		a_line_before_the_354_is_early_talk,
		a_line_before_the_354_is_taken_if_no_reply_must_wait,
		a_reply_that_was_not_used_is_gone_at_the_next_line,
		no_line_is_read_from_inside_a_callback,
		no_line_is_read_after_the_end_of_input,
		lines_go_on_while_a_shutdown_waits,
		without_a_callback_a_line_is_refused,
	};

	return suite_run("flow", tests, ROWS(tests));
}
