/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/suite.h"

#include "message/body.h"

/* Stuffing dots, RFC 5321 4.5.2: a relayed message equals the received one. */

#define ROOM 256

/* Stuff text in pieces of "step" octets.  Returns false if it is refused. */
static bool
stuff_all(struct mailin_span text, size_t step, char *out, size_t *len)
{
	struct mailin_stuff stuff = MAILIN_STUFF_INIT;
	struct mailin_span piece;

	*len = 0;
	while (text.len > 0) {
		struct mailin_span in = { text.ptr,
			text.len < step ? text.len : step };

		text.ptr += in.len;
		text.len -= in.len;
		while (in.len > 0) {
			if (mailin_stuff_feed(&stuff, &in, &piece) != MAILIN_OK)
				return false;
			if (piece.len > 0)
				memcpy(out + *len, piece.ptr, piece.len);
			*len += piece.len;
		}
	}
	if (mailin_stuff_end(&stuff, &piece) != MAILIN_OK)
		return false;
	memcpy(out + *len, piece.ptr, piece.len);
	*len += piece.len;
	return true;
}

static const struct {
	struct mailin_span text, stuffed;
} rows[] = {
	{ TEXT(""), TEXT(".\r\n") },
	{ TEXT("a\r\n"), TEXT("a\r\n.\r\n") },
	{ TEXT("a"), TEXT("a\r\n.\r\n") },
	{ TEXT("."), TEXT("..\r\n.\r\n") },
	{ TEXT(".\r\n"), TEXT("..\r\n.\r\n") },
	{ TEXT("..\r\n.x\r\n"), TEXT("...\r\n..x\r\n.\r\n") },
	{ TEXT("a.\r\n\r\n.b"), TEXT("a.\r\n\r\n..b\r\n.\r\n") },
	{ TEXT("\r\n.\r\n"), TEXT("\r\n..\r\n.\r\n") },
	{ TEXT("\0\xff\r\n"), TEXT("\0\xff\r\n.\r\n") },
};

START_TEST(dots_are_doubled_at_line_starts_only)
{
	char out[ROOM];
	size_t i, step, len;

	for (i = 0; i < ROWS(rows); i++)
		for (step = 1; step <= rows[i].text.len + 1; step++) {
			ck_assert(stuff_all(rows[i].text, step, out, &len));
			ck_assert_msg(len == rows[i].stuffed.len &&
				memcmp(out, rows[i].stuffed.ptr, len) == 0,
			    "row %zu by %zu: %s", i, step,
			    suite_quote((struct mailin_span){ out, len }));
		}
}
END_TEST

static const struct mailin_span refused[] = { TEXT("\n"), TEXT("\r"),
	TEXT("a\nb"), TEXT("a\rb"), TEXT("a\r\n\n.\n"), TEXT("a\r\r\n"),
	TEXT("a\n\r\n"), TEXT("a\r\n.\r"), TEXT(".\n"), TEXT("\n\n") };

/* A bare newline is refused, because with it the body could smuggle a message
 * into the next host (threat V2). */
START_TEST(bare_newlines_are_refused)
{
	char out[ROOM];
	size_t i, step, len;

	for (i = 0; i < ROWS(refused); i++)
		for (step = 1; step <= refused[i].len; step++)
			ck_assert_msg(!stuff_all(refused[i], step, out, &len),
			    "row %zu by %zu", i, step);
}
END_TEST

/* The call that reads a bare newline refuses it, not a later one. */
START_TEST(bare_newlines_are_refused_at_once)
{
	static const struct mailin_span bare[] = { TEXT("\n"), TEXT("\rx"),
		TEXT("\n\n"), TEXT("\r\r") };
	size_t i;

	for (i = 0; i < ROWS(bare); i++) {
		struct mailin_stuff stuff = MAILIN_STUFF_INIT;
		struct mailin_span in = bare[i], out;

		ck_assert_msg(mailin_stuff_feed(&stuff, &in, &out) ==
			MAILIN_ERROR_SYNTAX,
		    "row %zu", i);
	}
}
END_TEST

/* The result does not depend on the length of the line before, which moves the
 * text to each place in a vector. */
START_TEST(any_line_may_come_before)
{
	char text[ROOM], out[ROOM];
	size_t i, before, len;

	for (before = 2; before < ROOM - 32; before++) {
		memset(text, 'x', before - 2);
		memcpy(text + before - 2, "\r\n", 2);
		for (i = 0; i < ROWS(rows); i++) {
			const struct mailin_span *row = &rows[i].text;

			memcpy(text + before, row->ptr, row->len);
			ck_assert(stuff_all(
			    (struct mailin_span){ text, before + row->len },
			    ROOM, out, &len));
			row = &rows[i].stuffed;
			ck_assert_msg(len == before + row->len &&
				memcmp(out, text, before) == 0 &&
				memcmp(out + before, row->ptr, row->len) == 0,
			    "row %zu after %zu octets", i, before);
		}
		for (i = 0; i < ROWS(refused); i++) {
			memcpy(text + before, refused[i].ptr, refused[i].len);
			ck_assert_msg(!stuff_all((struct mailin_span){ text,
						     before + refused[i].len },
					  ROOM, out, &len),
			    "row %zu of refused after %zu octets", i, before);
		}
	}
}
END_TEST

/* An empty input changes nothing, after any part of the message. */
START_TEST(an_empty_text_adds_nothing)
{
	static const char text[] = "a\r\n..b\r\n";
	size_t i;

	for (i = 0; i < sizeof text; i++) {
		struct mailin_stuff stuff = MAILIN_STUFF_INIT, before;
		struct mailin_span in = { text, i }, out;

		while (in.len > 0)
			ck_assert_int_eq(mailin_stuff_feed(&stuff, &in, &out),
			    MAILIN_OK);
		before = stuff;
		in = (struct mailin_span){ i % 2 == 0 ? NULL : text, 0 };
		ck_assert_int_eq(mailin_stuff_feed(&stuff, &in, &out),
		    MAILIN_OK);
		ck_assert_uint_eq(out.len, 0);
		ck_assert_int_eq(stuff.state, before.state);
	}
}
END_TEST

/* Unstuffing reverses stuffing, for every message whose lines end in CR LF
 * (property 6). */
START_TEST(a_stuffed_message_is_received_as_it_was)
{
	static const char alphabet[] = "a.";
	char text[32], out[ROOM];
	int round;

	for (round = 0; round < 20000; round++) {
		size_t len = 0, stuffed, at = 0, got = 0;
		struct mailin_body body;
		char back[ROOM];

		while (len < sizeof text - 4 && suite_random(8) != 0)
			if (suite_random(3) == 0) {
				memcpy(text + len, "\r\n", 2);
				len += 2;
			} else {
				text[len++] = alphabet[suite_random(2)];
			}
		memcpy(text + len, "\r\n", 2);
		len += 2;
		ck_assert(stuff_all((struct mailin_span){ text, len },
		    1 + suite_random(9), out, &stuffed));
		mailin_body_start(&body, MAILIN_BARE_NEWLINE_REJECT, true,
		    mailin_vector_best());
		while (at < stuffed) {
			struct mailin_span piece;

			at += mailin_body_read(&body, out + at, stuffed - at,
			    &piece);
			if (piece.len > 0)
				memcpy(back + got, piece.ptr, piece.len);
			got += piece.len;
		}
		if (body.state != BODY_ENDED || got != len ||
		    memcmp(back, text, len) != 0)
			ck_abort_msg("%s",
			    suite_quote((struct mailin_span){ text, len }));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		dots_are_doubled_at_line_starts_only,
		bare_newlines_are_refused,
		bare_newlines_are_refused_at_once,
		any_line_may_come_before,
		an_empty_text_adds_nothing,
		a_stuffed_message_is_received_as_it_was,
	};

	return suite_run("stuff", tests, ROWS(tests));
}
