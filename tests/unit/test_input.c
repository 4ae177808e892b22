/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests input that is not a valid command, or comes too early:
 * src/session/session.c. */
#include <string.h>

#include "support/client.h"

static struct client client;

static void
start(void)
{
	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	(void)client_log(&client);
}

static void
expect_octets(struct mailin_span octets, const char *replies)
{
	const char *got;

	(void)client_replies(&client);
	client_octets(&client, octets);
	got = client_replies(&client);
	ck_assert_msg(strcmp(got, replies) == 0, "%s: %s, not %s",
	    suite_quote(octets), got, replies);
}

/* ---- A bad line costs one reply (property 8, threat V30) ---- */

/* clang-format off */
static const struct mailin_span bad_lines[] = {
	TEXT("\r\n"), TEXT(" \r\n"), TEXT("\r\r\n"), TEXT("\rNOOP\r\n"),
	TEXT("NOOP\r\r\n"), TEXT("NO\rOP\r\n"), TEXT("NOOP\0\r\n"),
	TEXT("\0\r\n"), TEXT("NO\0OP\r\n"), TEXT("MAIL FROM:<a@b\0>\r\n"),
	TEXT("MAIL FROM:<a@b>\r SIZE=1\r\n"), TEXT("\xc3\xa9\r\n"),
	TEXT("\xff\r\n"), TEXT("NOOPx\r\n"), TEXT("MAIL\tFROM:<a@b>\r\n"),
	TEXT("JUNK \r\0\x01\r\n"), TEXT(".\r\n"), TEXT("250 OK\r\n"),
};
/* clang-format on */

START_TEST(a_bad_line_costs_one_reply)
{
	size_t i;

	for (i = 0; i < ROWS(bad_lines); i++) {
		const char *got;

		start();
		client_octets(&client, bad_lines[i]);
		got = client_replies(&client);
		ck_assert_msg(got[0] == '5' && strchr(got, '|') == NULL,
		    "%s: %s", suite_quote(bad_lines[i]), got);
		client_expect_log(&client, "");
		client_expect(&client, "MAIL FROM:<a@b>", "250 2.1.0");
		client_end(&client);
	}
}
END_TEST

/* A line with a bare CR or a NUL is malformed. */
START_TEST(a_bare_cr_or_nul_is_a_bad_line)
{
	start();
	expect_octets(SPAN("NO\rOP\r\n"), "500 5.5.2");
	expect_octets(SPAN("NOOP\0\r\n"), "500 5.5.2");
	expect_octets(SPAN("MAIL FROM:<a\r@b>\r\n"), "500 5.5.2");
	expect_octets(SPAN("RCPT TO:<a\0@b>\r\n"), "500 5.5.2");
	expect_octets(SPAN("JUNK\r\r\n"), "500 5.5.2");
	client_end(&client);
}
END_TEST

/* ---- After a bare LF nothing is run -------------------------------------- */

/* clang-format off */
static const struct mailin_span bare_lf_lines[] = {
	TEXT("\nQUIT\r\n"), TEXT("NOOP\nQUIT\r\n"),
	TEXT("MAIL FROM:<a@b>\nMAIL FROM:<x@y>\r\n"), TEXT("x\n\r\n"),
	TEXT("\r\0\nNOOP\r\n"), TEXT("JUNK\nNOOP\n"), TEXT("BDAT 5\nabcde"),
};
/* clang-format on */

/* A command that is smuggled in after a bare LF must not run, with any policy
 * (threat V1). */
START_TEST(a_bare_lf_ends_the_session_at_that_octet)
{
	static const char *const policies[] = { "normalize", "reject",
		"preserve" };
	size_t i, j;

	for (i = 0; i < ROWS(bare_lf_lines); i++)
		for (j = 0; j < ROWS(policies); j++) {
			size_t end = (size_t)((const char *)memchr(
						  bare_lf_lines[i].ptr, '\n',
						  bare_lf_lines[i].len) -
					 bare_lf_lines[i].ptr) +
			    1;

			client_init(&client);
			client_set(&client, "bare-newline", policies[j]);
			client_set(&client, "syntax", "relaxed");
			client_begin(&client);
			client_greet(&client);
			(void)client_log(&client);
			ck_assert_uint_eq(client_feed(&client,
					      bare_lf_lines[i].ptr,
					      bare_lf_lines[i].len),
			    end);
			client_expect_replies(&client, "500 5.5.2");
			client_expect_log(&client, "close PROTOCOL");
			client_end(&client);
		}
}
END_TEST

START_TEST(a_bare_lf_in_a_response_ends_the_session)
{
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client_begin(&client);
	client_greet(&client);
	client_expect(&client, "AUTH PLAIN", "334");
	(void)client_log(&client);
	expect_octets(SPAN("*\nQUIT\r\n"), "500 5.5.2");
	client_expect_log(&client, "close PROTOCOL");
	client_end(&client);
}
END_TEST

/* ---- Other protocols (threat V40) ---- */

/* clang-format off */
static const struct mailin_span foreign[] = {
	TEXT("GET / HTTP/1.1\r\nHost: mx\r\n"), TEXT("POST /\r\n"),
	TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), TEXT("CONNECT x\r\n"),
	TEXT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
	TEXT("GET\r\n"), TEXT("get\t/\r\n"),
};
/* clang-format on */

/* The first word of a line shows that the client speaks another protocol.  The
 * session ends at once, without waiting for the end of the line. */
START_TEST(other_protocols_are_told_so_at_once)
{
	size_t i, j;

	for (i = 0; i < ROWS(foreign); i++)
		for (j = 0; j < 2; j++) {
			client_init(&client);
			client_begin(&client);
			if (j == 1)
				client_greet(&client);
			client_drain(&client);
			(void)client_log(&client);
			(void)client_replies(&client);
			ck_assert_uint_lt(client_feed(&client, foreign[i].ptr,
					      foreign[i].len),
			    9);
			client_expect_replies(&client, "421 4.7.0");
			client_expect_log(&client, "close PROTOCOL");
			client_end(&client);
		}
}
END_TEST

/* Inside a message the words of other protocols, such as "GET /", are text. */
START_TEST(in_a_message_other_protocols_are_text)
{
	start();
	client_envelope(&client, 1);
	client_expect(&client, "DATA", "354");
	(void)client_log(&client);
	client_octets(&client, SPAN("GET / HTTP/1.1\r\n\x16\x03\x01\r\n"));
	client_expect_log(&client, "data GET / HTTP/1.1\r\n\x16\x03\x01\r\n");
	client_expect(&client, ".", "250 2.0.0");
	client_end(&client);
}
END_TEST

/* ---- Long lines (threat V22) ---- */

START_TEST(a_command_line_has_a_limit)
{
	static char line[2100];
	size_t extra;

	for (extra = 0; extra < 2; extra++) {
		start();
		memset(line, 'x', sizeof line);
		memcpy(line, "NOOP ", 5);
		memcpy(line + 2048 + extra, "\r\nNOOP\r\n", 8);
		client_octets(&client,
		    (struct mailin_span){ line, 2048 + extra + 2 });
		client_expect_replies(&client,
		    extra == 0 ? "250 2.0.0" : "500 5.5.2");
		client_expect(&client, "NOOP", "250 2.0.0");
		client_end(&client);
	}
}
END_TEST

/* The end of a long line is not run as a command, even if it looks like one. */
START_TEST(the_tail_of_a_long_line_is_not_run)
{
	static char line[4000];
	size_t size, at, len;

	memset(line, 'x', sizeof line);
	memcpy(line + sizeof line - 6, "QUIT\r\n", 6);
	for (size = 1; size < sizeof line; size += 97) {
		start();
		for (at = 0; at < sizeof line; at += len) {
			len = sizeof line - at < size ? sizeof line - at : size;
			ck_assert_uint_eq(client_feed(&client, line + at, len),
			    len);
		}
		client_expect_replies(&client, "500 5.5.2");
		client_expect_log(&client, "");
		client_expect(&client, "QUIT", "221 2.0.0");
		client_end(&client);
	}
}
END_TEST

/* ---- QUIT twice (threat V46) ---- */

START_TEST(there_is_one_quit)
{
	start();
	ck_assert_uint_eq(client_feed(&client, "QUIT\r\nQUIT\r\n", 12), 6);
	client_expect_replies(&client, "221 2.0.0");
	ck_assert_uint_eq(client_feed(&client, "QUIT\r\n", 6), 0);
	client_expect_replies(&client, "");
	client_expect_log(&client, "close QUIT");
	client_end(&client);
}
END_TEST

/* ---- Commands that end a pipelined group (threat V41, RFC 2920 3.1) ---- */

struct wait_row {
	const char *before, *line;
	const char *replies; /* if the client sends on without waiting */
};

static const struct wait_row waits[] = {
	{ "", "EHLO c\r\n", "250|554 5.5.0" },
	{ "", "HELO c\r\n", "250|554 5.5.0" },
	{ "", "EHLO\r\n", "501|554 5.5.0" },
	{ "EHLO c\r\n", "NOOP\r\n", "250 2.0.0|554 5.5.0" },
	{ "EHLO c\r\n", "VRFY a\r\n", "252 2.0.0|554 5.5.0" },
	{ "EHLO c\r\n", "EXPN a\r\n", "502 5.5.1|554 5.5.0" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", "DATA\r\n",
	    "354|554 5.5.0" },
	{ "EHLO c\r\n", "AUTH PLAIN\r\n", "334|554 5.5.0" },
	{ "EHLO c\r\nAUTH LOGIN\r\n", "dXNlcg==\r\n", "334|554 5.5.0" },
	{ "EHLO c\r\n", "STARTTLS\r\n", "554 5.5.0" },
};

START_TEST(input_before_a_reply_to_wait_for_is_not_run)
{
	char octets[64];
	size_t i, len;
	int turn;

	for (i = 0; i < ROWS(waits); i++)
		for (turn = 0; turn < 2; turn++) {
			client_init(&client);
			client_set(&client, "extensions",
			    "ENHANCEDSTATUSCODES,STARTTLS");
			client_set(&client, "mechanisms", "PLAIN,LOGIN");
			client_set(&client, "tls", "optional");
			client_begin(&client);
			client_lines(&client, waits[i].before);
			client_drain(&client);
			(void)client_replies(&client);
			len = strlen(strcpy(octets, waits[i].line));
			memcpy(octets + len, "RSET\r\n", 6);
			if (turn == 0) {
				client_feed(&client, octets, len + 6);
			} else {
				client_feed(&client, octets, len);
				client_feed(&client, "R", 1);
			}
			ck_assert_int_eq(mailin_session_want(client.session),
			    MAILIN_WANT_CLOSE);
			client_expect_replies(&client, waits[i].replies);
			client_end(&client);
		}
}
END_TEST

/* If a BDAT line comes in two parts, and there is no memory to store the first
 * part, the size of the chunk is unknown, and octets of the chunk would run as
 * commands (properties 10 and 11, threat V12).  So the session ends, even if
 * the first part is only the letter B. */
START_TEST(without_memory_a_cut_bdat_ends_the_session)
{
	static const char bdat[] = "bDaT 6 LAST\r\nNOOP\r\n";
	size_t cut, used;

	for (cut = 1; cut < 13; cut++) {
		client_init(&client);
		client_begin(&client);
		client_drain(&client);
		(void)client_replies(&client);
		heap_fail(&client.heap, 1, true);
		(void)client_feed(&client, bdat, cut);
		heap_fail(&client.heap, 0, false);
		used = client_feed(&client, bdat + cut, sizeof bdat - 1 - cut);
		client_drain(&client);
		ck_assert_uint_eq(used, 13 - cut);
		client_expect_replies(&client, "501 5.5.4");
		ck_assert_int_eq(mailin_session_want(client.session),
		    MAILIN_WANT_CLOSE);
		client_end(&client);
	}
}
END_TEST

/* A command does not run if there is no memory for its reply (threat V50).  The
 * session then waits until its output has been read, and no command is lost. */
START_TEST(without_memory_for_a_reply_no_command_is_run)
{
	static char many[64 * 6];
	size_t i, used, count;

	for (i = 0; i < sizeof many; i += 6)
		memcpy(many + i, "NOOP\r\n", 6);
	client_init(&client);
	client_set(&client, "pipelining", "allow");
	client_begin(&client);
	client_drain(&client);
	(void)client_replies(&client);
	heap_fail(&client.heap, 1, true);
	used = mailin_session_feed(client.session, many, sizeof many);
	ck_assert_uint_gt(used, 0);
	ck_assert_uint_lt(used, sizeof many);
	ck_assert_uint_eq(used % 6, 0);
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_OUTPUT);
	heap_fail(&client.heap, 0, false);
	/* The command still waits for the output to be read, although there is
	 * memory again. */
	ck_assert_uint_eq(mailin_session_feed(client.session, many + used,
			      sizeof many - used),
	    0);
	for (count = 0; used < sizeof many && count < 100; count++) {
		client_drain(&client);
		used += mailin_session_feed(client.session, many + used,
		    sizeof many - used);
	}
	client_drain(&client);
	for (i = 0, count = 0; i + 4 <= client.out.len; i++)
		count += memcmp(client.out.octets + i, "250 ", 4) == 0;
	ck_assert_uint_eq(count, 64);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_bad_line_costs_one_reply,
		a_bare_cr_or_nul_is_a_bad_line,
		a_bare_lf_ends_the_session_at_that_octet,
		a_bare_lf_in_a_response_ends_the_session,
		other_protocols_are_told_so_at_once,
		in_a_message_other_protocols_are_text,
		a_command_line_has_a_limit,
		the_tail_of_a_long_line_is_not_run,
		there_is_one_quit,
		input_before_a_reply_to_wait_for_is_not_run,
		without_memory_a_cut_bdat_ends_the_session,
		without_memory_for_a_reply_no_command_is_run,
	};

	return suite_run("input", tests, ROWS(tests));
}
