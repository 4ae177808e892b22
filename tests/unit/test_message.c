/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* DATA in a session: src/session/message.c. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"
#include "support/decoder.h"

static struct client client;

static void
start_with(const char *name, const char *value)
{
	client_init(&client);
	client_set(&client, "errors", "0");
	client_set(&client, "junk", "0");
	client_set(&client, "discarded", "100000");
	if (name != NULL)
		client_set(&client, name, value);
	client_begin(&client);
	client_greet(&client);
}

static void
begin_data(void)
{
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	(void)client_log(&client);
}

/* Feed a message in two pieces.  Returns the octets that were delivered. */
static struct mailin_span
feed_cut(const char *octets, size_t len, size_t cut)
{
	size_t from = client.log.len + strlen("\ndata ");
	const char *end;

	client_octets(&client, (struct mailin_span){ octets, cut });
	client_octets(&client, (struct mailin_span){ octets + cut, len - cut });
	if (client.log.len <= from)
		return (struct mailin_span){ "", 0 };
	/* No line of these messages begins with "r" or "d", the first letters
	 * of the next events. */
	for (end = client.log.octets + from;
	     end < client.log.octets + client.log.len; end++)
		if (end[0] == '\n' && (end[1] == 'r' || end[1] == 'd'))
			break;
	return (struct mailin_span){ client.log.octets + from,
		(size_t)(end - client.log.octets) - from };
}

/* ---- Smuggling (threat V1) ---- */

/* clang-format off */
static const struct mailin_span ends[] = {
	TEXT("\r\n"), TEXT("\n"), TEXT("\r"), TEXT("\r\r\n"), TEXT("\n\r"),
	TEXT("\r\0\n"), TEXT("\n\n"), TEXT("\r\n\0"), TEXT("\0\r\n"),
	TEXT("\n\r\n"), TEXT("\r\r"),
};
/* clang-format on */

static int mails;

static void
count_mails(struct client *c, enum on on)
{
	(void)c;
	mails += on == ON_MAIL;
}

/* MAIL in the message must run only if the end of data precedes it. */
static void
smuggle(size_t before, size_t after, bool single)
{
	char in[128];
	size_t len = 0, i;
	static struct decoded want;
	bool ended;

	memcpy(in, "text", 4);
	len = 4;
	memcpy(in + len, ends[before].ptr, ends[before].len);
	len += ends[before].len;
	in[len++] = '.';
	memcpy(in + len, ends[after].ptr, ends[after].len);
	len += ends[after].len;
	memcpy(in + len, "MAIL FROM:<smuggled@x>\r\n.\r\n", 27);
	len += 27;
	decoder_run(&want, (struct mailin_span){ in, len },
	    MAILIN_BARE_NEWLINE_NORMALIZE, true, false);
	ended = want.used < len;
	begin_data();
	mails = 0;
	client.hook = count_mails;
	if (single)
		for (i = 0; i < len; i++)
			client_octets(&client,
			    (struct mailin_span){ in + i, 1 });
	else
		client_octets(&client, (struct mailin_span){ in, len });
	client.hook = NULL;
	if (mails != (ended && in[want.used] == 'M'))
		ck_abort_msg("%s",
		    suite_quote((struct mailin_span){ in, len }));
	client_expect(&client, "RSET", "250 2.0.0");
}

START_TEST(octets_of_a_message_are_never_run_as_commands)
{
	static const char *const policies[] = { "normalize", "reject",
		"preserve" };
	size_t i, j, k;

	for (i = 0; i < ROWS(policies); i++) {
		start_with("bare-newline", policies[i]);
		for (j = 0; j < ROWS(ends); j++)
			for (k = 0; k < ROWS(ends); k++) {
				smuggle(j, k, false);
				smuggle(j, k, true);
			}
		client_end(&client);
	}
}
END_TEST

/* ---- A message that ends early ------------------------------------------- */

/* The octets before a bare newline are delivered, and no others. */
START_TEST(a_bare_newline_is_refused_at_that_octet)
{
	static const struct mailin_span messages[] = {
		TEXT("one\r\ntwo\nthree\r\n..\r\n.\r\n"),
		TEXT("one\r\ntwo\rthree\r\n..\r\n.\r\n"),
		TEXT("one\r\ntwo\r\r\n.\r\n"),
		TEXT("one\r\ntwo\n.\n\n.\r\n\r\n.\r\n"),
	};
	size_t i, cut;

	for (i = 0; i < ROWS(messages); i++)
		for (cut = 0; cut <= messages[i].len; cut++) {
			struct mailin_span got;

			start_with("bare-newline", "reject");
			begin_data();
			got = feed_cut(messages[i].ptr, messages[i].len, cut);
			ck_assert_msg(mailin_span_equal(got, "one\r\ntwo"),
			    "%s at %zu: %s", suite_quote(messages[i]), cut,
			    suite_quote(got));
			ck_assert_ptr_nonnull(
			    strstr(client_log(&client), "reset REFUSED"));
			client_expect_replies(&client, "550 5.5.2");
			client_expect(&client, "NOOP", "250 2.0.0");
			client_end(&client);
		}
}
END_TEST

/* If a message is over its size, only the octets up to message-size are
 * delivered. */
START_TEST(a_message_over_its_size_is_cut_at_the_limit)
{
	static const char message[] = "0123456789\r\n..\r\nx\n45678\r\n.\r\n";
	static const char clean[] = "0123456789\r\n.\r\nx\r\n45678\r\n";
	size_t len = sizeof message - 1, limit, cut;
	char number[24];

	for (limit = 1; limit <= sizeof clean; limit++)
		for (cut = 0; cut <= len; cut++) {
			bool fits = limit >= sizeof clean - 1;
			struct mailin_span got;

			snprintf(number, sizeof number, "%zu", limit);
			start_with("message-size", number);
			begin_data();
			got = feed_cut(message, len, cut);
			if (got.len != (fits ? sizeof clean - 1 : limit) ||
			    memcmp(got.ptr, clean, got.len) != 0)
				ck_abort_msg("%zu, cut at %zu: %s", limit, cut,
				    suite_quote(got));
			client_expect_replies(&client,
			    fits ? "250 2.0.0" : "552 5.3.4");
			client_end(&client);
		}
}
END_TEST

/* The facts at the time when the message is refused.  Octets that come later do
 * not change them. */
static struct mailin_facts at_reset;

static void
note_facts(struct client *c, enum on on)
{
	if (on == ON_RESET)
		at_reset = mailin_session_facts(c->session);
}

START_TEST(facts_end_where_the_message_was_refused)
{
	static const char message[] = "0123456789x\xff\0\r\nx\r\n.\r\n";
	size_t cut;

	for (cut = 0; cut <= 14; cut++) {
		start_with("message-size", "10");
		begin_data();
		client.hook = note_facts;
		(void)feed_cut(message, sizeof message - 1, cut);
		client_expect_replies(&client, "552 5.3.4");
		ck_assert_uint_eq(at_reset.octets, 10);
		ck_assert_msg(!at_reset.eight_bit && !at_reset.nul,
		    "cut at %zu", cut);
		client_end(&client);
	}
}
END_TEST

START_TEST(facts_stand_still_once_a_message_is_refused)
{
	start_with(NULL, NULL);
	begin_data();
	client.answers[ON_DATA] = MAILIN_REPLY_OUT_OF_SPACE;
	client_octets(&client, SPAN("abc"));
	ck_assert_uint_eq(mailin_session_facts(client.session).octets, 3);
	client_octets(&client, SPAN("d\xff\0\ne\r\n"));
	ck_assert_uint_eq(mailin_session_facts(client.session).octets, 3);
	ck_assert(!mailin_session_facts(client.session).eight_bit);
	client_octets(&client, SPAN(".\r\n"));
	client_expect_replies(&client, "452 4.3.1");
	client_end(&client);
}
END_TEST

/* The callback "data" refuses the first octets.  Then the session calls the
 * callback "reset" at once, and delivers no more octets.  The client gets the
 * reply after the end of data. */
START_TEST(a_handler_may_refuse_the_octets)
{
	start_with(NULL, NULL);
	begin_data();
	client.answers[ON_DATA] = MAILIN_REPLY_OUT_OF_SPACE;
	client_octets(&client, SPAN("abc"));
	client_expect_log(&client, "data abc\nreset REFUSED");
	client_octets(&client, SPAN("def\r\n.\nMAIL\r\n."));
	client_expect_replies(&client, "");
	client_octets(&client, SPAN("\r\n"));
	client_expect_replies(&client, "452 4.3.1");
	client_expect_log(&client, "");
	client_end(&client);
}
END_TEST

static void
refuse_by_hand(struct client *c, enum on on)
{
	if (on == ON_DATA)
		c->answers[on] = mailin_session_reply(c->session, 554, "5.6.0",
		    "no such words");
}

START_TEST(the_text_of_a_refusal_is_kept_to_the_end)
{
	start_with(NULL, NULL);
	begin_data();
	client.hook = refuse_by_hand;
	client_octets(&client, SPAN("abc"));
	client_octets(&client, SPAN("abc\r\n.\r\n"));
	client_drain(&client);
	ck_assert_ptr_nonnull(
	    strstr(client.out.octets, "554 5.6.0 no such words\r\n"));
	client_end(&client);
}
END_TEST

START_TEST(an_empty_message_is_a_message)
{
	start_with(NULL, NULL);
	begin_data();
	client_expect(&client, ".", "250 2.0.0");
	client_expect_log(&client, "data_end");
	client_end(&client);
}
END_TEST

START_TEST(octets_wait_while_the_handler_does)
{
	static const char message[] = "ab\r\n..cd\r\n.\r\n";
	size_t used, len = sizeof message - 1;

	start_with(NULL, NULL);
	begin_data();
	client.answers[ON_DATA] = MAILIN_REPLY_PENDING;
	used = client_feed(&client, message, len);
	ck_assert_uint_lt(used, len);
	client_expect_log(&client, "data ab\r\n");
	ck_assert_uint_eq(client_feed(&client, "x", 1), 0);
	client_expect_log(&client, "");
	client.answers[ON_DATA] = MAILIN_REPLY_OK;
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_OK),
	    MAILIN_OK);
	client_octets(&client,
	    (struct mailin_span){ message + used, len - used });
	client_expect_log(&client, "data .cd\r\n\ndata_end");
	client_expect_replies(&client, "250 2.0.0");
	client_end(&client);
}
END_TEST

/* ---- Limits -------------------------------------------------------------- */

START_TEST(too_much_to_swallow_ends_the_session)
{
	char many[1000];
	int turn;

	memset(many, 'x', sizeof many);
	for (turn = 0; turn < 2; turn++) {
		start_with("discarded", "1005");
		begin_data();
		client.answers[ON_DATA] = MAILIN_REPLY_FAILED;
		client_octets(&client, SPAN("x"));
		client_octets(&client,
		    (struct mailin_span){ many, sizeof many });
		(void)client_log(&client);
		/* The first turn drops 1005 octets with the end of data, and
		 * the second turn one more. */
		client_octets(&client,
		    turn == 0 ? SPAN("\r\n.\r\n") : SPAN("x\r\n.\r\n"));
		client_expect_replies(&client,
		    turn == 0 ? "554 5.0.0" : "421 4.7.0");
		client_expect_log(&client, turn == 0 ? "" : "close LIMIT");
		client_end(&client);
	}
}
END_TEST

/* RFC 1870 6.1: MAIL refuses a size that is over the limit, even a size beyond
 * 64 bits (threat V36). */
START_TEST(the_size_parameter_is_checked_at_mail)
{
	start_with("message-size", "1000");
	client_expect(&client, "MAIL FROM:<a@b> SIZE=1001", "552 5.3.4");
	client_expect(&client, "MAIL FROM:<a@b> SIZE=18446744073709551616",
	    "552 5.3.4");
	client_expect(&client, "MAIL FROM:<a@b> SIZE=99999999999999999999",
	    "552 5.3.4");
	client_expect(&client, "MAIL FROM:<a@b> SIZE=-1", "501 5.5.4");
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "MAIL FROM:<a@b> SIZE=1000", "250 2.1.0");
	ck_assert_ptr_nonnull(strstr(client.out.octets, "SIZE 1000\r\n"));
	client_end(&client);
	start_with(NULL, NULL);
	client_expect(&client, "MAIL FROM:<a@b> SIZE=18446744073709551616",
	    "552 5.3.4");
	client_expect(&client, "MAIL FROM:<a@b> SIZE=18446744073709551615",
	    "250 2.1.0");
	client_end(&client);
}
END_TEST

/* Without the callback "data_end" the message is accepted: the callback "data"
 * got each octet, so the program has the message. */
START_TEST(without_a_data_end_callback_the_message_is_taken)
{
	client_init(&client);
	client.handler.data_end = NULL;
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	client_expect(&client, "x\r\n.", "250 2.0.0");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		without_a_data_end_callback_the_message_is_taken,
		octets_of_a_message_are_never_run_as_commands,
		a_bare_newline_is_refused_at_that_octet,
		a_message_over_its_size_is_cut_at_the_limit,
		facts_end_where_the_message_was_refused,
		facts_stand_still_once_a_message_is_refused,
		a_handler_may_refuse_the_octets,
		the_text_of_a_refusal_is_kept_to_the_end,
		an_empty_message_is_a_message,
		octets_wait_while_the_handler_does,
		too_much_to_swallow_ends_the_session,
		the_size_parameter_is_checked_at_mail,
	};

	return suite_run("message", tests, ROWS(tests));
}
