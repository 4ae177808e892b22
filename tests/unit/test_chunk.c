/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests BDAT (RFC 3030) in a session: src/session/message.c. */
#include <stdio.h>
#include <string.h>

#include "support/client.h"
#include "support/decoder.h"
#include "session/data.h"

static struct client client;

static void
start_with(const char *name, const char *value)
{
	client_init(&client);
	client_set(&client, "extensions",
	    "PIPELINING,ENHANCEDSTATUSCODES,"
	    "SIZE,8BITMIME,CHUNKING,BINARYMIME");
	client_set(&client, "errors", "0");
	if (name != NULL)
		client_set(&client, name, value);
	client_begin(&client);
	client_greet(&client);
}

static void
begin(void)
{
	start_with(NULL, NULL);
	client_envelope(&client, 1);
	(void)client_log(&client);
}

static void
chunk(struct mailin_span octets, bool last, const char *replies)
{
	char line[64];
	int len = snprintf(line, sizeof line, "BDAT %zu%s\r\n", octets.len,
	    last ? " LAST" : "");

	(void)client_replies(&client);
	client_octets(&client, (struct mailin_span){ line, (size_t)len });
	if (octets.len > 0)
		client_octets(&client, octets);
	client_expect_replies(&client, replies);
}

/* ---- Chunks (threats V13, V9) ---- */

START_TEST(chunks_make_a_message)
{
	begin();
	chunk(SPAN("abc"), false, "250 2.0.0");
	chunk(SPAN(""), false, "250 2.0.0");
	chunk(SPAN(".\r\n"), false, "250 2.0.0");
	client_expect(&client, "NOOP", "250 2.0.0");
	chunk(SPAN("..\r\n.\r\n"), false, "250 2.0.0");
	chunk(SPAN(""), true, "250 2.0.0");
	client_expect_log(&client,
	    "data_start\ndata abc.\r\n..\r\n.\r\n\ndata_end");
	client_end(&client);
}
END_TEST

START_TEST(one_chunk_may_be_all_and_empty)
{
	begin();
	chunk(SPAN(""), true, "250 2.0.0");
	client_expect_log(&client, "data_start\ndata_end");
	client_envelope(&client, 1);
	(void)client_log(&client);
	chunk(SPAN("x\r\nRSET\r\n"), true, "250 2.0.0");
	client_expect_log(&client, "data_start\ndata x\r\nRSET\r\n\ndata_end");
	client_end(&client);
}
END_TEST

/* ---- The size of a chunk (property 10) ---- */

/* The size of a chunk may need 64 bits.  The test cannot send so many octets.
 * So it sets the number of octets left to three, as if the client had sent all
 * others. */
START_TEST(a_chunk_has_as_many_octets_as_it_says)
{
	static const char *const sizes[] = { "3", "2147483647", "2147483648",
		"4294967295", "4294967296", "4294967297", "9223372036854775808",
		"18446744073709551615" };
	static const uint64_t values[] = { 3, INT32_MAX, UINT64_C(1) << 31,
		UINT32_MAX, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1,
		UINT64_C(1) << 63, UINT64_MAX };
	char line[64];
	size_t i;

	for (i = 0; i < ROWS(sizes); i++) {
		begin();
		snprintf(line, sizeof line, "BDAT %s LAST\r\n", sizes[i]);
		client_octets(&client, mailin_span_of(line));
		ck_assert_msg(client.session->chunk_left == values[i], "%s",
		    sizes[i]);
		client.session->chunk_left = 3;
		client_octets(&client, SPAN("MAINOOP\r\n"));
		client_expect_replies(&client, "250 2.0.0|250 2.0.0");
		client_expect_log(&client, "data_start\ndata MAI\ndata_end");
		client_end(&client);
	}
}
END_TEST

/* A BDAT without a valid size of at most 64 bits ends the session, because
 * nobody knows where the next command begins (threat V11, property 11). */
START_TEST(a_size_that_is_no_number_ends_the_session)
{
	static const char *const lines[] = { "BDAT", "BDAT ", "BDAT x",
		"BDAT -1", "BDAT +1", "BDAT 0x10", "BDAT 5LAST", "BDAT 5 LASTX",
		"BDAT 5 LAST LAST", "BDAT LAST", "BDAT 18446744073709551616",
		"BDAT 99999999999999999999", "BDAT 1 2", "BDAT 1.0",
		"BDAT 1,LAST" };
	size_t i;
	int turn;

	for (i = 0; i < ROWS(lines); i++)
		for (turn = 0; turn < 3; turn++) {
			start_with(NULL, NULL);
			if (turn > 0)
				client_envelope(&client, 1);
			if (turn > 1)
				chunk(SPAN("abc"), false, "250 2.0.0");
			(void)client_log(&client);
			client_expect(&client, lines[i], "501 5.5.4");
			client_expect_log(&client,
			    turn == 0 ? "close PROTOCOL" :
					"reset CLOSED\nclose PROTOCOL");
			ck_assert_uint_eq(client_feed(&client, "x", 1), 0);
			client_end(&client);
		}
}
END_TEST

/* ---- Chunks that are not allowed (threat V12) ---- */

struct stray_row {
	const char *before;
	const char *reply;
};

static const struct stray_row strays[] = {
	{ "", "503 5.5.1" },
	{ "EHLO c\r\n", "503 5.5.1" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\n", "503 5.5.1" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRSET\r\n",
	    "503 5.5.1" },
	{ "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<>\r\n", "554 5.5.1" },
};

START_TEST(the_octets_of_a_stray_chunk_are_no_commands)
{
	size_t i, size;

	for (i = 0; i < ROWS(strays); i++)
		for (size = 1; size < 30; size++) {
			client_init(&client);
			client_begin(&client);
			client_lines(&client, strays[i].before);
			(void)client_replies(&client);
			(void)client_log(&client);
			client_octets(&client, SPAN("BDAT 30 LAST\r\n"));
			client_octets(&client,
			    (struct mailin_span){
				"QUIT\r\nMAIL FROM:<x@y>\r\n.\r\n.\r\nX",
				size });
			client_expect_replies(&client, "");
			client_octets(&client,
			    (struct mailin_span){
				&"QUIT\r\nMAIL FROM:<x@y>\r\n.\r\n.\r\nX"[size],
				30 - size });
			client_expect_replies(&client, strays[i].reply);
			client_expect(&client, "NOOP", "250 2.0.0");
			client_expect_log(&client, "");
			client_end(&client);
		}
}
END_TEST

START_TEST(chunks_that_are_not_offered_are_read_all_the_same)
{
	start_with("extensions", "ENHANCEDSTATUSCODES");
	client_envelope(&client, 1);
	client_octets(&client, SPAN("BDAT 6\r\nQUIT\r\nNOOP\r\n"));
	client_expect_replies(&client, "502 5.5.1|250 2.0.0");
	client_expect(&client, "DATA", "354");
	client_end(&client);
}
END_TEST

/* ---- Chunks and other commands (threats V10, V14, V16; property 20) ---- */

START_TEST(data_and_bdat_do_not_mix)
{
	begin();
	chunk(SPAN("abc"), false, "250 2.0.0");
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "MAIL FROM:<a@b>", "503 5.5.1");
	client_expect(&client, "RCPT TO:<a@b>", "503 5.5.1");
	client_expect(&client, "VRFY a", "252 2.0.0");
	chunk(SPAN("def"), true, "250 2.0.0");
	client_expect_log(&client,
	    "data_start\ndata abc\nvrfy a\ndata def\ndata_end");
	client_end(&client);
}
END_TEST

/* DATA after a chunk gets the reply 503, even if all recipients were refused.
 * Without the chunk, it would get 554. */
START_TEST(data_after_bdat_is_out_of_order_even_if_recipients_were_refused)
{
	begin();
	client_expect(&client, "RCPT TO:<>", "501 5.1.3");
	client.answers[ON_RCPT] = MAILIN_REPLY_NO_MAILBOX;
	client_expect(&client, "RCPT TO:<no@d>", "550 5.1.1");
	chunk(SPAN("abc"), false, "250 2.0.0");
	client_expect(&client, "DATA", "503 5.5.1");
	client_end(&client);
}
END_TEST

static void
fail_chunk(void)
{
	begin();
	client.answers[ON_DATA] = MAILIN_REPLY_OUT_OF_SPACE;
	chunk(SPAN("abc"), false, "452 4.3.1");
	client_expect_log(&client, "data_start\ndata abc\nreset REFUSED");
	client.answers[ON_DATA] = MAILIN_REPLY_OK;
}

START_TEST(a_refused_chunk_leaves_nothing_but_its_end)
{
	fail_chunk();
	chunk(SPAN("def"), false, "452 4.3.1");
	chunk(SPAN(""), false, "452 4.3.1");
	client_expect(&client, "MAIL FROM:<a@b>", "503 5.5.1");
	client_expect(&client, "RCPT TO:<a@b>", "503 5.5.1");
	client_expect(&client, "DATA", "503 5.5.1");
	client_expect(&client, "NOOP", "250 2.0.0");
	chunk(SPAN("ghi"), true, "452 4.3.1");
	client_expect_log(&client, "");
	client_envelope(&client, 1);
	chunk(SPAN("def"), true, "250 2.0.0");
	client_end(&client);
}
END_TEST

START_TEST(rset_and_helo_end_a_refused_chunk)
{
	static const char *const ends[] = { "RSET", "EHLO c", "HELO c" };
	size_t i;

	for (i = 0; i < ROWS(ends); i++) {
		fail_chunk();
		client_expect(&client, ends[i], i == 0 ? "250 2.0.0" : "250");
		client_expect(&client, "BDAT 0", "503 5.5.1");
		client_envelope(&client, 1);
		client_expect(&client, "DATA", "354");
		client_end(&client);
	}
}
END_TEST

/* Together, the chunks of a message may be too big.  Then the reply 552 is sent
 * only once, and the octets after it are dropped. */
START_TEST(chunks_together_may_be_too_big)
{
	start_with("message-size", "10");
	client_envelope(&client, 1);
	(void)client_log(&client);
	chunk(SPAN("012345"), false, "250 2.0.0");
	chunk(SPAN("6789"), false, "250 2.0.0");
	chunk(SPAN("x"), false, "552 5.3.4");
	client_expect_log(&client,
	    "data_start\ndata 0123456789\nreset REFUSED");
	chunk(SPAN("x"), false, "552 5.3.4");
	chunk(SPAN("x"), true, "552 5.3.4");
	client_expect_log(&client, "");
	client_end(&client);
}
END_TEST

START_TEST(a_handler_may_refuse_the_first_chunk)
{
	begin();
	client.answers[ON_DATA_START] = MAILIN_REPLY_TRY_LATER;
	chunk(SPAN("QUIT\r\n"), false, "450 4.7.1");
	client_expect_log(&client, "data_start\nreset REFUSED");
	chunk(SPAN("QUIT\r\n"), true, "450 4.7.1");
	client_expect_log(&client, "");
	client_end(&client);
}
END_TEST

/* ---- BINARYMIME ---------------------------------------------------------- */

START_TEST(binary_octets_are_handed_on_as_they_are)
{
	start_with("bare-newline", "reject");
	client_expect(&client, "MAIL FROM:<a@b> BODY=BINARYMIME", "250 2.1.0");
	client_expect(&client, "RCPT TO:<a@b>", "250 2.1.5");
	client_expect(&client, "DATA", "503 5.5.1");
	(void)client_log(&client);
	chunk(SPAN("a\nb\rc\r"), false, "250 2.0.0");
	chunk(SPAN("\n\n.\r"), true, "250 2.0.0");
	client_expect_log(&client,
	    "data_start\ndata a\nb\rc\r\n\n.\r\ndata_end");
	client_end(&client);
}
END_TEST

/* ---- A message in chunks (property 12) ---- */

/* Send the message m in chunks.  A chunk ends after octet i if bit i of "cuts"
 * is set. */
static void
check_partition(const char *policy, enum mailin_bare_newline newline,
    struct mailin_span m, unsigned cuts)
{
	char expected[256];
	static struct decoded want;
	size_t at, len;

	decoder_run(&want, m, newline, false, true);
	start_with("bare-newline", policy);
	client_envelope(&client, 1);
	(void)client_log(&client);
	for (at = 0; at < m.len; at += len) {
		char line[32];

		for (len = 1;
		     at + len < m.len && (cuts >> (at + len - 1) & 1) == 0;)
			len++;
		snprintf(line, sizeof line, "BDAT %zu%s\r\n", len,
		    at + len == m.len ? " LAST" : "");
		client_octets(&client, mailin_span_of(line));
		(void)client_replies(&client);
		client_octets(&client, (struct mailin_span){ m.ptr + at, len });
	}
	snprintf(expected, sizeof expected, "data_start\ndata %.*s\n%s",
	    (int)want.len, want.octets,
	    want.refused ? "reset REFUSED" : "data_end");
	client_expect_replies(&client,
	    want.refused ? "550 5.5.2" : "250 2.0.0");
	client_expect_log(&client, expected);
	client_end(&client);
}

START_TEST(however_it_is_cut_in_chunks_the_message_is_the_same)
{
	static const struct mailin_span messages[] = { TEXT("a\r\n.\r\n\n.\r"),
		TEXT("a\r\n\r\n..\r\n"), TEXT("ab\r\r\n\r.\n\r") };
	unsigned cuts, step = suite_quick() ? 17 : 1;
	size_t i;

	for (i = 0; i < ROWS(messages); i++)
		for (cuts = 0; cuts < 1u << (messages[i].len - 1);
		     cuts += step) {
			check_partition("normalize",
			    MAILIN_BARE_NEWLINE_NORMALIZE, messages[i], cuts);
			check_partition("reject", MAILIN_BARE_NEWLINE_REJECT,
			    messages[i], cuts);
			check_partition("preserve",
			    MAILIN_BARE_NEWLINE_PRESERVE, messages[i], cuts);
		}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		chunks_make_a_message,
		one_chunk_may_be_all_and_empty,
		a_chunk_has_as_many_octets_as_it_says,
		a_size_that_is_no_number_ends_the_session,
		the_octets_of_a_stray_chunk_are_no_commands,
		chunks_that_are_not_offered_are_read_all_the_same,
		data_and_bdat_do_not_mix,
		data_after_bdat_is_out_of_order_even_if_recipients_were_refused,
		a_refused_chunk_leaves_nothing_but_its_end,
		rset_and_helo_end_a_refused_chunk,
		chunks_together_may_be_too_big,
		a_handler_may_refuse_the_first_chunk,
		binary_octets_are_handed_on_as_they_are,
		however_it_is_cut_in_chunks_the_message_is_the_same,
	};

	return suite_run("chunk", tests, ROWS(tests));
}
