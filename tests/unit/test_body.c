/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the decoder of messages: src/message/body.c. */
#include <string.h>

#include "message/body.h"
#include "support/pieces.h"
#include "support/suite.h"

/* ---- A dot between two line ends ----------------------------------------- */

/* clang-format off */
static const struct mailin_span ends[] = {
	TEXT("\r\n"), TEXT("\n"), TEXT("\r"), TEXT("\r\r\n"), TEXT("\n\r"),
	TEXT("\r\0\n"), TEXT("\n\n"), TEXT("\r\n\0"), TEXT("\0\r\n"),
	TEXT("\n\r\n"), TEXT("\r\r"),
};
/* clang-format on */

/* The result of a dot between two line ends: the row is the line end before the
 * dot, the column is the line end after it.  "#" means that the dot ends the
 * data. */
static const char grid[ROWS(ends)][ROWS(ends) + 1] = {
	"#......#...",
	"...........",
	"...........",
	"#......#...",
	"...........",
	"...........",
	"...........",
	"...........",
	"#......#...",
	"#......#...",
	"...........",
};

static size_t
join(char *out, const struct mailin_span *parts, size_t count)
{
	size_t i, len = 0;

	for (i = 0; i < count; i++) {
		memcpy(out + len, parts[i].ptr, parts[i].len);
		len += parts[i].len;
	}
	return len;
}

/* Check a dot between two line ends.  If it does not end the message, the CR LF
 * . CR LF that follows must end it. */
static void
check_cell(size_t before, size_t after, bool ends_data)
{
	struct mailin_span parts[] = { TEXT("text"), ends[before], TEXT("."),
		ends[after], TEXT("MORE"), TEXT("\r\n.\r\n"),
		TEXT("NOOP\r\n") };
	char octets[64];
	size_t len = join(octets, parts, ROWS(parts));
	size_t end = ends_data ? 4 + ends[before].len + 3 : len - 6;
	struct mailin_span stream = { octets, len };
	static struct decoded got;
	size_t at;
	int newline;

	for (newline = 0; newline < 3; newline++)
		for (at = 1; at < len; at++) {
			pieces_run(&got, stream,
			    (enum mailin_bare_newline)newline, true,
			    IN_TWO(at));
			if (!got.ended || got.used != end)
				ck_abort_msg("%s: policy %d, cut at %zu: "
					     "ends at %zu, not %zu",
				    suite_quote(stream), newline, at, got.used,
				    end);
		}
	pieces_check(stream, true);
}

/* Only CR LF . CR LF ends a message (threats V1 and V3, property 1). */
START_TEST(data_end_only_with_a_dot_between_true_line_ends)
{
	size_t before, after, count = 0;

	for (before = 0; before < ROWS(ends); before++)
		for (after = 0; after < ROWS(ends); after++) {
			bool ends_data = grid[before][after] == '#';

			check_cell(before, after, ends_data);
			count += ends_data;
		}
	ck_assert_uint_eq(count, 8);
}
END_TEST

/* The end of data produces no output, so the decoder reads it in the same call
 * as the text before it. */
START_TEST(data_ends_with_the_text_before)
{
	static const char in[] = "a\r\n.\r\nQUIT\r\n";
	struct mailin_body body;
	struct mailin_span out;
	size_t len;

	for (len = 1; len < sizeof in; len++) {
		mailin_body_start(&body, MAILIN_BARE_NEWLINE_REJECT, true,
		    MAILIN_VECTOR_WORDS);
		ck_assert_uint_eq(mailin_body_read(&body, in, len, &out),
		    len < 6 ? len < 3 ? 1 : 3 : 6);
		ck_assert(len < 3 || mailin_span_equal(out, "a\r\n"));
		ck_assert((body.state == BODY_ENDED) == (len >= 6));
		ck_assert_uint_eq(body.facts.octets, out.len);
	}
}
END_TEST

/* A message may be empty: its first line end is the CR LF of the DATA line (RFC
 * 5321 4.1.1.4). */
START_TEST(data_may_end_at_once)
{
	static const struct mailin_span rows[] = { TEXT(".\r\n"),
		TEXT("..\r\n.\r\n"), TEXT(".\n.\r\n\r\n.\r\n"),
		TEXT(".\r\r\n.\r\n"), TEXT(".\r.\r\n.\r\n"), TEXT("\r\n.\r\n"),
		TEXT("\n.\r\n\r\n.\r\n") };
	static struct decoded want;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		decoder_run(&want, rows[i], MAILIN_BARE_NEWLINE_PRESERVE, true,
		    false);
		ck_assert_msg(want.ended && want.used == rows[i].len, "%s",
		    suite_quote(rows[i]));
		pieces_check(rows[i], true);
	}
}
END_TEST

/* ---- Every short stream -------------------------------------------------- */

static void
check_all(size_t len, unsigned step)
{
	static const char alphabet[5] = { '\r', '\n', '.', 'x', '\0' };
	unsigned number, count = 1;
	char octets[16];
	size_t i;

	for (i = 0; i < len; i++)
		count *= 5;
	for (number = 0; number < count; number += step) {
		unsigned rest = number;

		for (i = 0; i < len; i++, rest /= 5)
			octets[i] = alphabet[rest % 5];
		pieces_check((struct mailin_span){ octets, len }, true);
	}
}

/* Compare the decoder with the reference decoder in decoder.h.  All short
 * streams are tried, each cut at every place (threats V1, V2, V3, V9;
 * properties 1, 2, 3, 6, 7, 10, 12).  Longer streams are tried in
 * tests/unit/test_streams.c, but not cut at every place. */
START_TEST(every_short_stream_is_decoded_as_by_definition)
{
	size_t len;

	for (len = 0; len <= 7; len++)
		check_all(len, (unsigned)suite_stride(97));
}
END_TEST

/* A message that is dot-stuffed and then decoded is the original message
 * (property 6). */
START_TEST(a_stuffed_message_comes_out_as_it_was)
{
	static const char tokens[4][3] = { ".", "x", "\r\n", "\n" };
	static struct decoded got;
	char m[32], stuffed[70];
	unsigned number, rest;
	size_t i, n, len;

	for (n = 0; n <= 7; n++)
		for (number = 0; number < 1u << 2 * n; number++) {
			for (i = len = 0, rest = number; i < n; i++) {
				strcpy(m + len, tokens[rest % 4]);
				len += strlen(tokens[rest % 4]);
				rest /= 4;
			}
			if (n > 0) {
				memcpy(m + len, "\r\n", 2);
				len += 2;
			}
			pieces_run(&got,
			    (struct mailin_span){ stuffed,
				decoder_stuff((struct mailin_span){ m, len },
				    stuffed) },
			    MAILIN_BARE_NEWLINE_PRESERVE, true,
			    number % 2 ? WHOLE : SINGLE);
			if (!got.ended || got.len != len ||
			    memcmp(got.octets, m, len) != 0)
				ck_abort_msg("%s",
				    suite_quote(
					(struct mailin_span){ m, len }));
		}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		data_end_only_with_a_dot_between_true_line_ends,
		data_ends_with_the_text_before,
		data_may_end_at_once,
		every_short_stream_is_decoded_as_by_definition,
		a_stuffed_message_comes_out_as_it_was,
	};

	return suite_run("body", tests, ROWS(tests));
}
