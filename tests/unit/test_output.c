/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Output and timeouts, as the program that uses the library sees them:
 * src/session/session.c, end.c. */
#include <string.h>

#include "support/client.h"

static struct client client;

static void
start(const char *output)
{
	client_init(&client);
	client_set(&client, "pipelining", "allow");
	client_set(&client, "errors", "0");
	client_set(&client, "junk", "0");
	client_set(&client, "output", output);
	client_begin(&client);
	client_greet(&client);
}

static enum mailin_want
want(void)
{
	return mailin_session_want(client.session);
}

static struct mailin_span
output(void)
{
	return mailin_session_output(client.session);
}

START_TEST(output_stays_in_place_until_it_is_sent)
{
	struct mailin_span shown;
	char copy[64];
	int i;

	start("16384");
	client_feed(&client, "NOOP\r\n", 6);
	shown = output();
	ck_assert(mailin_span_equal(shown, "250 2.0.0 OK\r\n"));
	memcpy(copy, shown.ptr, shown.len);
	for (i = 0; i < 300; i++)
		client_feed(&client, "RSET\r\nRCPT\r\n", 12);
	ck_assert(memcmp(copy, shown.ptr, shown.len) == 0);
	ck_assert_int_eq(mailin_session_sent(client.session, 4), MAILIN_OK);
	ck_assert(memcmp(copy, shown.ptr, shown.len) == 0);
	ck_assert_ptr_eq(output().ptr, shown.ptr + 4);
	ck_assert_int_eq(
	    mailin_session_abort(client.session, MAILIN_CLOSE_ABORT),
	    MAILIN_OK);
	ck_assert(memcmp(copy, shown.ptr, shown.len) == 0);
	ck_assert_uint_eq(output().len, 0);
	client_end(&client);
}
END_TEST

START_TEST(only_what_was_shown_can_be_sent)
{
	start("16384");
	client_feed(&client, "NOOP\r\n", 6);
	ck_assert_int_eq(mailin_session_sent(client.session, 1),
	    MAILIN_ERROR_RANGE);
	ck_assert_uint_eq(output().len, 14);
	client_feed(&client, "NOOP\r\n", 6);
	ck_assert_int_eq(mailin_session_sent(client.session, 15),
	    MAILIN_ERROR_RANGE);
	ck_assert_int_eq(mailin_session_sent(client.session, 14), MAILIN_OK);
	ck_assert_uint_eq(output().len, 14);
	client_end(&client);
}
END_TEST

/* The output has the same octets if the program sends it octet by octet. */
START_TEST(output_may_be_sent_in_any_pieces)
{
	static const char replies[] =
	    "250 2.0.0 OK\r\n250 2.0.0 OK\r\n214 2.0.0 See RFC 5321\r\n";
	size_t i;

	start("16384");
	client_feed(&client, "NOOP\r\nRSET\r\nHELP\r\n", 18);
	for (i = 0; i < sizeof replies - 1; i++) {
		ck_assert(output().len > 0 && *output().ptr == replies[i]);
		ck_assert_int_eq(mailin_session_sent(client.session, 1),
		    MAILIN_OK);
	}
	ck_assert_uint_eq(output().len, 0);
	client_end(&client);
}
END_TEST

/* The queue of output is bounded.  While it is full, mailin_session_feed does
 * not read all input. */
START_TEST(a_client_that_reads_nothing_is_not_read)
{
	char commands[6 * 4000];
	size_t i, taken, sent = 0;

	start("4096");
	for (i = 0; i < sizeof commands; i += 6)
		memcpy(commands + i, "RSET\r\n", 6);
	for (taken = 0; taken < sizeof commands;) {
		size_t used = client_feed(&client, commands + taken,
		    sizeof commands - taken);
		size_t len = 0;

		taken += used;
		ck_assert(used > 0 && used % 6 == 0);
		ck_assert_int_eq(want(),
		    taken < sizeof commands ? MAILIN_WANT_OUTPUT : want());
		ck_assert_uint_eq(
		    mailin_session_feed(client.session, commands, 0), 0);
		while (output().len > 0) {
			len += output().len;
			ck_assert_int_eq(
			    mailin_session_sent(client.session, output().len),
			    MAILIN_OK);
		}
		ck_assert_uint_le(len, 4096);
		ck_assert_int_eq(want(), MAILIN_WANT_INPUT);
		sent += len;
	}
	ck_assert_uint_eq(sent, sizeof commands / 6 * 14);
	client_end(&client);
}
END_TEST

/* All replies to a pipelined group (RFC 2920) must fit in the queue: the
 * default is enough for 1000 RCPTs. */
START_TEST(replies_to_a_group_come_in_order)
{
	start("16384");
	client_octets(&client,
	    SPAN("MAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\n"
		 "RCPT TO:<>\r\nDATA\r\nx\r\n.\r\nMAIL FROM:<>\r\nRSET\r\n"
		 "QUIT\r\nQUIT\r\n"));
	client_expect_replies(&client,
	    "250 2.1.0|250 2.1.5|501 5.1.3|354|"
	    "250 2.0.0|250 2.1.0|250 2.0.0|221 2.0.0");
	client_end(&client);
}
END_TEST

/* Enhanced codes are sent only if they are offered (property 42, RFC 2034). */
START_TEST(enhanced_codes_are_sent_if_they_are_offered)
{
	client_init(&client);
	client_set(&client, "extensions", "PIPELINING");
	client_begin(&client);
	client_greet(&client);
	client_expect(&client, "NOOP", "250");
	client_expect(&client, "MAIL FROM:<a@b>", "250");
	client_expect(&client, "JUNK", "500");
	client_expect(&client, "QUIT", "221");
	client_end(&client);
}
END_TEST

/* ---- Time ---------------------------------------------------------------- */

START_TEST(the_timeout_is_that_of_input_or_output)
{
	client_init(&client);
	client_set(&client, "timeout-input", "11");
	client_set(&client, "timeout-output", "22");
	client_begin(&client);
	ck_assert_uint_eq(mailin_session_timeout(client.session), 11);
	ck_assert_uint_gt(output().len, 0);
	ck_assert_uint_eq(mailin_session_timeout(client.session), 22);
	client_drain(&client);
	ck_assert_uint_eq(mailin_session_timeout(client.session), 11);
	client.answers[ON_HELO] = MAILIN_REPLY_PENDING;
	client_octets(&client, SPAN("EHLO c\r\n"));
	ck_assert_uint_eq(mailin_session_timeout(client.session), 0);
	client_end(&client);
}
END_TEST

static bool
moves(struct mailin_span octets)
{
	uint64_t before = mailin_session_progress(client.session);

	if (client_feed(&client, octets.ptr, octets.len) != octets.len)
		ck_abort_msg("%s was not consumed", suite_quote(octets));
	return mailin_session_progress(client.session) > before;
}

/* Single octets do not count as progress: with one octet a minute, a client
 * could keep the session open (threat V42). */
START_TEST(single_octets_are_no_progress)
{
	char many[4096];
	int i;

	memset(many, 'x', sizeof many);
	start("16384");
	for (i = 0; i < 1000; i++)
		ck_assert(!moves(SPAN("x")));
	ck_assert(moves(SPAN("\r\n")));
	ck_assert(!moves((struct mailin_span){ many, sizeof many }));
	ck_assert(moves(SPAN("\r\n")));
	client_drain(&client);
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	for (i = 0; i < 4095; i++)
		if (moves(SPAN("x")))
			ck_abort_msg("octet %d counts as progress", i);
	ck_assert(moves(SPAN("x")));
	ck_assert(!moves(SPAN("\r\nx\r\nx")));
	ck_assert(moves((struct mailin_span){ many, sizeof many }));
	client_end(&client);
}
END_TEST

START_TEST(octets_that_are_swallowed_count_as_progress)
{
	char many[4096];

	memset(many, 'x', sizeof many);
	start("16384");
	client_envelope(&client, 1);
	client.answers[ON_DATA] = MAILIN_REPLY_FAILED;
	client_expect(&client, "DATA", "354");
	ck_assert(moves((struct mailin_span){ many, sizeof many }));
	ck_assert(moves((struct mailin_span){ many, sizeof many }));
	ck_assert(!moves(SPAN("x")));
	client_end(&client);
}
END_TEST

START_TEST(output_sent_is_progress)
{
	uint64_t before;

	start("16384");
	client_feed(&client, "NOOP\r\n", 6);
	(void)output();
	before = mailin_session_progress(client.session);
	ck_assert_int_eq(mailin_session_sent(client.session, 0), MAILIN_OK);
	ck_assert_uint_eq(mailin_session_progress(client.session), before);
	ck_assert_int_eq(mailin_session_sent(client.session, 1), MAILIN_OK);
	ck_assert_uint_gt(mailin_session_progress(client.session), before);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		output_stays_in_place_until_it_is_sent,
		only_what_was_shown_can_be_sent,
		output_may_be_sent_in_any_pieces,
		a_client_that_reads_nothing_is_not_read,
		replies_to_a_group_come_in_order,
		enhanced_codes_are_sent_if_they_are_offered,
		the_timeout_is_that_of_input_or_output,
		single_octets_are_no_progress,
		octets_that_are_swallowed_count_as_progress,
		output_sent_is_progress,
	};

	return suite_run("output", tests, ROWS(tests));
}
