/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The look at a line that is taken first: src/line.h. */
#include <string.h>

#include "heap.h"
#include "line.h"
#include "suite.h"

#define LIMIT 16

static struct heap heap;
static struct mailin_line line;

static void
start(void)
{
	heap_init(&heap);
	memset(&line, 0, sizeof line);
}

static size_t
usual(const char *in)
{
	return mailin_line_usual(&line, LIMIT, in, strlen(in));
}

START_TEST(usual_lines_are_known_at_a_look)
{
	static const char rows[][20] = {
		"EHLO a\r\n", "lhlo a\r\n", "MAIL FROM:<>\r\n", "RCPT x\r\n",
		"DATA\r\n", "data\r\n", "BDAT 1\r\n", "QUIT\r\nNOOP\r\n",
		"RSET\r\n", "\r\n", "0123456789abcdef\r\n",
	};
	size_t i;

	start();
	for (i = 0; i < ROWS(rows); i++)
		ck_assert_msg(usual(rows[i]) ==
		    (size_t)(strchr(rows[i], '\n') + 1 - rows[i]), "%s",
		    rows[i]);
}
END_TEST

START_TEST(all_others_need_another_look)
{
	static const char rows[][24] = {
		"AUTH PLAIN\r\n", "auth\r\n", "GET /\r\n", "Delete /\r\n",
		"\x16\r\n", "NOOP\n", "\n", "NOOP\r", "", "NOOP\r \n",
		"0123456789abcdefg\r\n", "NOOP\nNOOP\r\n",
	};
	size_t i;

	start();
	for (i = 0; i < ROWS(rows); i++)
		ck_assert_msg(usual(rows[i]) == 0, "%s", rows[i]);
	line.given = true;
	ck_assert_uint_eq(usual("QUIT\r\n"), 0);
	line.given = false;
	line.skipping = true;
	ck_assert_uint_eq(usual("QUIT\r\n"), 0);
}
END_TEST

static size_t
next(uint64_t *state, size_t most)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return (size_t)(*state >> 33) % most;
}

/* Pieces that make lines of each kind, one behind another. */
static size_t
write_stream(uint64_t *state, char *out)
{
	static const char pieces[][12] = {
		"\r\n", "\r\n", "\n", "\r", "MAIL", "quit", "DATA", "AUTH",
		"BDAT 1", "GET ", "DELETE ", "HELO", " ", "abcdefgh", "\x16",
		"A", "D", "a", "d",
	};
	size_t i, len = 0;

	for (i = 0; i < 12; i++) {
		const char *piece = pieces[next(state, ROWS(pieces))];

		memcpy(out + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return len;
}

/* mailin_line_read() finds whole what passes, and goes on from there alike. */
START_TEST(what_passes_is_whole_to_the_other_look)
{
	static const struct mailin_line_rules rules = { LIMIT, 24, false };
	uint64_t state = 1;
	size_t turn, passed = 0;
	char in[12 * 12];

	for (turn = 0; turn < 200000; turn++) {
		size_t at = 0, len = write_stream(&state, in);

		start();
		while (at < len) {
			size_t feed = 1 + next(&state, len - at);
			size_t look = mailin_line_usual(&line, LIMIT, in + at,
			    feed);
			enum mailin_line_result result;
			struct mailin_span out;
			size_t used = mailin_line_read(&line, &heap.allocator,
			    &rules, in + at, feed, &out, &result);

			if (look > 0 && (look != used || out.len != used ||
			    out.ptr != in + at || result != LINE_WHOLE))
				ck_abort_msg("%.*s", (int)len, in);
			passed += look > 0;
			at += used;
			if (result == LINE_BARE_LF || result == LINE_FOREIGN)
				break;
		}
		mailin_buffer_free(&line.carry, &heap.allocator);
	}
	ck_assert_uint_gt(passed, 10000);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		usual_lines_are_known_at_a_look,
		all_others_need_another_look,
		what_passes_is_whole_to_the_other_look,
	};

	return suite_run("usual", tests, ROWS(tests));
}
