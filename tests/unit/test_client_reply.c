/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how a client reads the replies of a server: grammar/reply.rl and
 * src/client/feed.c (RFC 5321 4.2, RFC 2034, RFC 3463). */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

#define RELAXED_OPTIONS \
	{ \
		.size = sizeof(struct mailin_client_options), \
		.name = "a.example", .syntax = RELAXED \
	}

static const struct mailin_client_options relaxed = RELAXED_OPTIONS;

/* The reply of the server to NOOP, and the log of what the client makes of
 * it. */
struct row {
	struct mailin_span octets;
	const char *log;
};

static const struct row accepted[] = {
	{ TEXT("250 OK\r\n"), "NOOP 250 [OK]\n" },
	{ TEXT("250\r\n"), "NOOP 250 []\n" },
	{ TEXT("250 \r\n"), "NOOP 250 []\n" },
	{ TEXT("250-\r\n250 \r\n"), "NOOP 250 [|]\n" },
	{ TEXT("250-a\r\n250-\r\n250 c\r\n"), "NOOP 250 [a||c]\n" },
	{ TEXT("250-a\r\n250\r\n"), "NOOP 250 [a|]\n" },
	{ TEXT("250 a\tb\r\n"), "NOOP 250 [a b]\n" },
	{ TEXT("250   a \r\n"), "NOOP 250 [  a ]\n" },
	{ TEXT("250 !\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\r\n"),
	    "NOOP 250 [!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~]\n" },
	{ TEXT("259 OK\r\n"), "NOOP 259 [OK]\n" },
	{ TEXT("200 OK\r\n"), "NOOP 200 [OK]\n" },
	{ TEXT("450 no\r\n"), "NOOP 450 [no]\n" },
	{ TEXT("500 no\r\n"), "NOOP 500 [no]\n" },
	{ TEXT("559 no\r\n"), "NOOP 559 [no]\n" },
	/* RFC 2034 4: the enhanced code is removed from the text of each
	 * line. */
	{ TEXT("250 2.0.0 OK\r\n"), "NOOP 250 2.0.0 [OK]\n" },
	{ TEXT("250 2.0.0\r\n"), "NOOP 250 2.0.0 []\n" },
	{ TEXT("250 2.0.0 \r\n"), "NOOP 250 2.0.0 []\n" },
	{ TEXT("250 2.0.0  a\r\n"), "NOOP 250 2.0.0 [ a]\n" },
	{ TEXT("550 5.123.999 no\r\n"), "NOOP 550 5.123.999 [no]\n" },
	{ TEXT("450-4.2.1 a\r\n450-4.2.1 b\r\n450 4.2.1\r\n"),
	    "NOOP 450 4.2.1 [a|b|]\n" },
	{ TEXT("450-4.2.1 a\r\n450 b\r\n"), "NOOP 450 4.2.1 [a|b]\n" },
	{ TEXT("450-4.2.1 a\r\n450 4.2.2 b\r\n"),
	    "NOOP 450 4.2.1 [a|4.2.2 b]\n" },
	{ TEXT("450-4.2.1 a\r\n450 4.2.10 b\r\n"),
	    "NOOP 450 4.2.1 [a|4.2.10 b]\n" },
	{ TEXT("450-a\r\n450 4.2.2 b\r\n"), "NOOP 450 [a|4.2.2 b]\n" },
	/* The text has no enhanced code: the digits are of another class,
	 * malformed, or part of a word. */
	{ TEXT("550 2.0.0 no\r\n"), "NOOP 550 [2.0.0 no]\n" },
	{ TEXT("450 5.0.0 no\r\n"), "NOOP 450 [5.0.0 no]\n" },
	{ TEXT("550 5.1 no\r\n"), "NOOP 550 [5.1 no]\n" },
	{ TEXT("550 5.1.1.1 no\r\n"), "NOOP 550 [5.1.1.1 no]\n" },
	{ TEXT("550 5.1.1, no\r\n"), "NOOP 550 [5.1.1, no]\n" },
	{ TEXT("550 5.01.1 no\r\n"), "NOOP 550 [5.01.1 no]\n" },
	{ TEXT("550 5.1.00 no\r\n"), "NOOP 550 [5.1.00 no]\n" },
	{ TEXT("550 5.1234.1 no\r\n"), "NOOP 550 [5.1234.1 no]\n" },
	{ TEXT("550 5.1.1000 no\r\n"), "NOOP 550 [5.1.1000 no]\n" },
	{ TEXT("550 5..1 no\r\n"), "NOOP 550 [5..1 no]\n" },
	{ TEXT("550 5.1.\r\n"), "NOOP 550 [5.1.]\n" },
	{ TEXT("550  5.1.1 no\r\n"), "NOOP 550 [ 5.1.1 no]\n" },
};

static const struct row refused[] = {
	/* The reply code is malformed. */
	{ TEXT("\r\n"), "FAULT SYNTAX\n" },
	{ TEXT(" 250 OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("25 OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("2500 OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("150 OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("650 OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("260 OK\r\n"), "FAULT SYNTAX\n" },
	/* Some servers send it, but the second digit is %x30-35 (4.2). */
	{ TEXT("571 5.7.1 no\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("25x OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("+OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("HTTP/1.1 400 Bad Request\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("\x16\x03\x01"), "FAULT SYNTAX\n" },
	{ TEXT("250\tOK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250+OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250OK\r\n"), "FAULT SYNTAX\n" },
	/* The end of a line is not CR LF. */
	{ TEXT("250 OK\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 OK\r\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 OK\rOK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 2.0.0\n"), "FAULT SYNTAX\n" },
	{ TEXT("250\n"), "FAULT SYNTAX\n" },
	{ TEXT("250-OK\n250 OK\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 OK\r\n\r\n"), "NOOP 250 [OK]\nFAULT SYNTAX\n" },
	/* The text has control octets or octets above 127. */
	{ TEXT("250 a\0b\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 a\x1f"
	       "b\r\n"),
	    "FAULT SYNTAX\n" },
	{ TEXT("250 a\x7f"
	       "b\r\n"),
	    "FAULT SYNTAX\n" },
	{ TEXT("250 a\x1b[2Jb\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 \xc3\xbc\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 \x80\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250 2.0.0 \xff\r\n"), "FAULT SYNTAX\n" },
	{ TEXT("250-OK\r\n250 a\0b\r\n"), "FAULT SYNTAX\n" },
	/* Each line of a reply must have the same code (RFC 5321 4.2.1). */
	{ TEXT("250-a\r\n251 b\r\n"), "FAULT NEW_CODE\n" },
	{ TEXT("250-a\r\n550 b\r\n"), "FAULT NEW_CODE\n" },
	{ TEXT("250-a\r\n250-b\r\n421 c\r\n"), "FAULT NEW_CODE\n" },
	{ TEXT("550-a\r\n250-b\r\n"), "FAULT NEW_CODE\n" },
	/* The server sends a second reply to the same command. */
	{ TEXT("250 a\r\n250 b\r\n"), "NOOP 250 [a]\nFAULT UNASKED\n" },
	{ TEXT("250 a\r\n250-b\r\n"), "NOOP 250 [a]\nFAULT UNASKED\n" },
	{ TEXT("250 a\r\n354 b\r\n"), "NOOP 250 [a]\nFAULT UNASKED\n" },
	/* Codes that are not allowed in a reply to NOOP. */
	{ TEXT("354 go\r\n"), "FAULT CODE\n" },
	{ TEXT("334 go\r\n"), "FAULT CODE\n" },
	{ TEXT("221 bye\r\n"), "FAULT CODE\n" },
	{ TEXT("354-go\r\n"), "FAULT CODE\n" },
};

/* Feed the octets of a row at once, and in pieces of various sizes.  Fails
 * unless the result is the log of the row each time. */
static void
check_row(const struct row *row, size_t number,
    const struct mailin_client_options *options)
{
	struct relay relay;
	size_t step;

	for (step = 1; step <= row->octets.len; step += suite_stride(7)) {
		relay_greet(&relay, options, step, "");
		ck_assert_int_eq(mailin_client_noop(relay.client), MAILIN_OK);
		relay_send(&relay);
		relay_expect(&relay, "> NOOP\n");
		relay_hear(&relay, row->octets);
		ck_assert_msg(strcmp(relay.log, row->log) == 0,
		    "row %zu: %s by %zu: %s", number, suite_quote(row->octets),
		    step, relay.log);
		relay_end(&relay);
	}
}

START_TEST(replies_are_read_in_every_split)
{
	size_t i;

	for (i = 0; i < ROWS(accepted); i++)
		check_row(&accepted[i], i, NULL);
}
END_TEST

/* Malformed replies are a fault, however they are split (threat V61). */
START_TEST(other_octets_are_a_fault_in_every_split)
{
	size_t i;

	for (i = 0; i < ROWS(refused); i++)
		check_row(&refused[i], i, NULL);
}
END_TEST

START_TEST(relaxed_shows_octets_above_127_as_question_marks)
{
	static const struct row rows[] = {
		{ TEXT("250 \xfc\xff\x80\r\n"), "NOOP 250 [???]\n" },
		{ TEXT("250 2.0.0 \xc3\xbc\r\n"), "NOOP 250 2.0.0 [??]\n" },
		{ TEXT("550 5.1.1\xa0no\r\n"), "NOOP 550 [5.1.1?no]\n" },
		{ TEXT("250 a\0b\r\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 OK\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 a\x7f\r\n"), "FAULT SYNTAX\n" },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		check_row(&rows[i], i, &relaxed);
}
END_TEST

/* A reply never has the enhanced code of the reply before it. */
START_TEST(each_reply_has_its_own_enhanced_code)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, "");
	relay_done(&relay, DO_NOOP, "550 5.123.999 one\r\n");
	relay_done(&relay, DO_NOOP, "550 5.1.1 two\r\n");
	relay_done(&relay, DO_NOOP, "550 three\r\n");
	relay_expect(&relay,
	    "> NOOP\nNOOP 550 5.123.999 [one]\n"
	    "> NOOP\nNOOP 550 5.1.1 [two]\n> NOOP\nNOOP 550 [three]\n");
	relay_end(&relay);
}
END_TEST

/* After a fault nothing more is read, and no call succeeds. */
START_TEST(a_fault_lasts)
{
	struct relay relay;
	struct mailin_client_reply reply;
	struct mailin_span in = TEXT("250 OK\r\n"), before = in, out;

	relay_greet(&relay, NULL, 100, "STARTTLS AUTH=PLAIN XFORWARD=NAME");
	relay_text(&relay, "x");
	relay_expect(&relay, "FAULT SYNTAX\n");
	ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
	    MAILIN_CLIENT_FAULT);
	ck_assert_uint_eq(in.len, before.len);
	relay_call(&relay, mailin_client_hello(relay.client));
	relay_call(&relay, mailin_client_starttls(relay.client));
	relay_call(&relay, mailin_client_tls_started(relay.client));
	relay_call(&relay, mailin_client_auth_plain(relay.client, "u", "p"));
	relay_call(&relay, relay_mail(&relay, "<a@b>"));
	relay_call(&relay, relay_rcpt(&relay, "<a@b>"));
	relay_call(&relay, mailin_client_data(relay.client));
	relay_call(&relay, mailin_client_body(relay.client, &in, &out));
	relay_call(&relay, mailin_client_body_end(relay.client));
	relay_call(&relay, mailin_client_rset(relay.client));
	relay_call(&relay, mailin_client_noop(relay.client));
	relay_call(&relay, mailin_client_quit(relay.client));
	relay_expect(&relay,
	    "error STATE\nerror STATE\nerror STATE\nerror STATE\n"
	    "error STATE\nerror STATE\nerror STATE\nerror STATE\n"
	    "error STATE\nerror STATE\nerror STATE\nerror STATE\n");
	mailin_client_eof(relay.client);
	ck_assert_int_eq(mailin_client_fault_found(relay.client),
	    MAILIN_CLIENT_FAULT_SYNTAX);
	relay_end(&relay);
}
END_TEST

/* ---- SMTPUTF8 ---- */

/* RFC 6531 3.7.4.2: a reply may have UTF-8 only in a transaction with
 * SMTPUTF8. */
START_TEST(utf8_is_allowed_in_a_transaction_with_smtputf8)
{
	static const struct row rows[] = {
		{ TEXT("250 \xc3\xbc\r\n"), "RCPT 0 250 [\xc3\xbc]\n" },
		{ TEXT("250 2.1.5 \xe2\x82\xac\xf0\x9f\x92\xa9\r\n"),
		    "RCPT 0 250 2.1.5 [\xe2\x82\xac\xf0\x9f\x92\xa9]\n" },
		{ TEXT("250 2.1.5\xc2\xa0x\r\n"),
		    "RCPT 0 250 [2.1.5\xc2\xa0x]\n" },
		{ TEXT("250 \xc3\r\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 \xc0\x80\r\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 \xed\xa0\x80\r\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 \xf5\x80\x80\x80\r\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 \x80\r\n"), "FAULT SYNTAX\n" },
		{ TEXT("250 a\x7f\r\n"), "FAULT SYNTAX\n" },
	};
	struct relay relay;
	size_t i, step;

	for (i = 0; i < ROWS(rows); i++)
		for (step = 1; step <= rows[i].octets.len;
		     step += suite_stride(7)) {
			relay_greet(&relay, NULL, step, "SMTPUTF8 8BITMIME");
			relay_call(&relay,
			    relay_mail(&relay, "<a@b> SMTPUTF8"));
			relay_text(&relay, "250 \xc3\xbc\r\n");
			relay_call(&relay, relay_rcpt(&relay, "<c@d>"));
			relay_send(&relay);
			relay_expect(&relay,
			    "> MAIL FROM:<a@b> SMTPUTF8\n"
			    "MAIL 250 [\xc3\xbc]\n> RCPT TO:<c@d>\n");
			relay_hear(&relay, rows[i].octets);
			relay_expect(&relay, rows[i].log);
			relay_end(&relay);
		}
}
END_TEST

/* After MAIL with SMTPUTF8, replies may have UTF-8, up to the reply to the end
 * of the message.  The reply to a later RSET may not. */
START_TEST(utf8_ends_with_the_transaction)
{
	struct relay relay;

	relay_greet(&relay, NULL, 1, "SMTPUTF8 8BITMIME");
	relay_call(&relay, relay_mail(&relay, "<a@b> SMTPUTF8"));
	relay_text(&relay, "250 \xc3\xbc\r\n");
	relay_call(&relay, relay_rcpt(&relay, "<c@d>"));
	relay_text(&relay, "250 \xc3\xbc\r\n");
	relay_call(&relay, mailin_client_data(relay.client));
	relay_text(&relay, "354 \xc3\xbc\r\n");
	relay_call(&relay, mailin_client_body_end(relay.client));
	relay_text(&relay, "250 \xc3\xbc\r\n");
	relay_call(&relay, mailin_client_rset(relay.client));
	relay_text(&relay, "250 \xc3\xbc\r\n");
	relay_expect(&relay,
	    "> MAIL FROM:<a@b> SMTPUTF8\nMAIL 250 [\xc3\xbc]\n"
	    "> RCPT TO:<c@d>\nRCPT 0 250 [\xc3\xbc]\n"
	    "> DATA\nDATA 354 [\xc3\xbc]\n> .\nMESSAGE 0 250 [\xc3\xbc]\n"
	    "> RSET\nFAULT SYNTAX\n");
	relay_end(&relay);
	relay_greet(&relay, NULL, 1, "SMTPUTF8 8BITMIME");
	relay_call(&relay, relay_mail(&relay, "<a@b> SMTPUTF8"));
	relay_text(&relay, "550 no\r\n");
	relay_call(&relay, relay_mail(&relay, "<a@b>"));
	relay_text(&relay, "250 \xc3\xbc\r\n");
	relay_expect(&relay,
	    "> MAIL FROM:<a@b> SMTPUTF8\nMAIL 550 [no]\n"
	    "> MAIL FROM:<a@b>\nFAULT SYNTAX\n");
	relay_end(&relay);
}
END_TEST

/* ---- Random octets ---- */

/* Random streams that resemble replies have the same result in every split
 * (property 57). */
START_TEST(a_stream_has_one_result_in_every_split)
{
	static const char *const words[] = { "250", "250-", "250 ", "\r\n",
		"\r\n", "\r\n", "\r", "\n", "421 ", "2.0.0", " ", "5.1.1 ",
		"550-", "354 ", "x", "\t", "\xc3\xbc", "0" };
	struct relay relay;
	char octets[256], log[sizeof relay.log];
	int round;

	for (round = 0; round < (suite_quick() ? 100 : 5000); round++) {
		size_t len = 0, step;

		while (len < 200 && suite_random(20) != 0) {
			const char *word = words[suite_random(ROWS(words))];

			memcpy(octets + len, word, strlen(word));
			len += strlen(word);
		}
		for (step = len + 1; step > 0; step = step * 2 / 3) {
			relay_greet(&relay, NULL, step, "PIPELINING");
			relay_call(&relay, relay_mail(&relay, "<a@b>"));
			relay_call(&relay, relay_rcpt(&relay, "<a@b>"));
			relay_call(&relay, relay_rcpt(&relay, "<a@b>"));
			relay_hear(&relay, (struct mailin_span){ octets, len });
			if (step == len + 1)
				memcpy(log, relay.log, sizeof log);
			else if (strcmp(log, relay.log) != 0)
				ck_abort_msg("%s by %zu: %s",
				    suite_quote(
					(struct mailin_span){ octets, len }),
				    step, relay.log);
			relay_end(&relay);
		}
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		replies_are_read_in_every_split,
		other_octets_are_a_fault_in_every_split,
		relaxed_shows_octets_above_127_as_question_marks,
		each_reply_has_its_own_enhanced_code,
		a_fault_lasts,
		utf8_is_allowed_in_a_transaction_with_smtputf8,
		utf8_ends_with_the_transaction,
		a_stream_has_one_result_in_every_split,
	};

	return suite_run("client_reply", tests, ROWS(tests));
}
