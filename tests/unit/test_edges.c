/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Puts pieces of the octets of a client right before an unmapped page, and
 * right after one, so that a read beyond a piece, at either end, crashes the
 * test.
 */
#include <stdio.h>
#include <string.h>

#include "support/taker.h"

static struct client client;
static struct taker taker;

/* The length of the longest piece.  It is longer than the first words of a
 * line, and longer than a vector. */
#define PIECE_MOST 40

/* The lines that a client sends before the octets that are tested, and these
 * octets. */
/* clang-format off */
static const struct {
	const char *before, *octets;
} streams[] = {
	{ "", "AUTH PLAIN AHVzZXIAc2VjcmV0\r\nNOOP\r\n" },
	{ "", "BDAT 4\r\nab\r\nNOOP\r\n" },
	{ "", "MAIL FROM:<a@b.example> SIZE=1\r\nRSET\r\n" },
	{ "", "NOOP one two three four five six seven\r\n" },
	{ "", "JUNK\r\nNOOP\r\nNO\rOP\r\nNOOP\r\nRSET\r\n" },
	{ "", "OPTION\r\nPOS\r\nQUI\r\nAUT\r\nBDA\r\nNOOP\r\n" },
	{ "AUTH LOGIN\r\n", "dXNlcg==\r\nc2VjcmV0\r\nNOOP\r\n" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
	    "a\r\nb\r\n..c\r\n\r\nde\r\n.x\r\n\rf\n\r\n.\r\nNOOP\r\n" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 33 LAST\r\n",
	    "a\r\nb\r\n..c\r\n\r\nde\r\n.x\r\n\rf\n\r\n.\r\n1234NOOP\r\n" },
};
/* clang-format on */

static void
feed(struct client *to, struct mailin_span piece, bool before)
{
	struct mailin_span placed = before ? suite_edge(piece) :
					     suite_after_edge(piece);
	size_t at, used;

	for (at = 0; at < placed.len; at += used) {
		used = mailin_session_feed(to->session, placed.ptr + at,
		    placed.len - at);
		client_drain(to);
		if (used == 0)
			ck_abort_msg("%s is not taken", suite_quote(piece));
	}
}

/* Feed the octets before the offset "cut" in pieces, and then the others at
 * once.  Returns the replies. */
static const char *
feed_pieces(size_t row, size_t cut, size_t piece, bool before)
{
	struct mailin_span octets = mailin_span_of(streams[row].octets);
	size_t at, len;

	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN,LOGIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "pipelining", "allow");
	client_begin(&client);
	client_greet(&client);
	client_lines(&client, streams[row].before);
	(void)client_replies(&client);
	for (at = 0; at < octets.len; at += len) {
		len = at < cut ? piece : octets.len;
		if (len > octets.len - at)
			len = octets.len - at;
		feed(&client, (struct mailin_span){ octets.ptr + at, len },
		    before);
	}
	return client_replies(&client);
}

static void
check_pieces(size_t row, size_t piece, const char *whole)
{
	size_t cut;
	int before;

	for (cut = 1; cut < 4 * piece; cut += piece)
		for (before = 0; before < 2; before++) {
			const char *got = feed_pieces(row, cut, piece,
			    before != 0);

			if (strcmp(got, whole) != 0)
				ck_abort_msg("%s in pieces of %zu: %s",
				    streams[row].octets, piece, got);
			client_end(&client);
		}
}

START_TEST(no_octet_beside_a_piece_is_read)
{
	char whole[400];
	size_t i, piece;

	for (i = 0; i < ROWS(streams); i++) {
		snprintf(whole, sizeof whole, "%s", feed_pieces(i, 0, 1, true));
		client_end(&client);
		for (piece = 1; piece <= PIECE_MOST; piece++)
			check_pieces(i, piece, whole);
	}
}
END_TEST

START_TEST(no_octet_beside_a_line_of_a_message_is_read)
{
	char line[200];
	size_t len;

	taker_start(&taker, NULL);
	taker_data(&taker);
	for (len = 0; len < sizeof line - 2; len++) {
		struct mailin_span span = { line, len + 2 };

		memset(line, 'x', len);
		memcpy(line + len, "\r\n", 2);
		feed(&taker.client, span, true);
		feed(&taker.client, span, false);
		ck_assert_uint_eq(taker.calls, 2 * (len + 1));
	}
	taker_feed(&taker, SPAN(".\r\n"), SIZE_MAX);
	client_expect_replies(&taker.client, "250 2.0.0");
	taker_end(&taker);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		no_octet_beside_a_piece_is_read,
		no_octet_beside_a_line_of_a_message_is_read,
	};

	return suite_run("edges", tests, ROWS(tests));
}
