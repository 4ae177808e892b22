/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* A session parses most lines as commands before it searches for their end
 * (src/session/input.c).  Tests that what parses as a command is always a
 * complete line. */
#include <string.h>

#include "support/heap.h"
#include "command/line.h"
#include "support/suite.h"

#define LIMIT 16

static struct heap heap;
static struct mailin_line line;

/* Returns the length of the command at "in", or 0 if the command needs the slow
 * path. */
static size_t
fast_length(enum mailin_syntax syntax, const char *in, size_t len)
{
	struct mailin_command command;
	size_t used = mailin_command_parse_as(&command, syntax, in, len);

	/* Without a complete line, used is 0, and command is not set.  Then
	 * used - 2 is larger than LIMIT, so command is not read. */
	return used - 2 <= LIMIT && command.error == MAILIN_REPLY_OK &&
		command.verb != MAILIN_VERB_AUTH ?
	    used :
	    0;
}

START_TEST(lines_that_are_no_commands_take_the_slow_way)
{
	static const char rows[][24] = { "AUTH PLAIN\r\n", "auth plain\r\n",
		"GET /\r\n", "PUT /\r\n", "Delete /\r\n", "CONNECT a:25\r\n",
		"HEAD / HTTP/1.0\r\n", "\x16\r\n", "NOOP\n", "\n", "NOOP\r",
		"NOOP\r \n", "\r\n", "NOOP 0123456789abc\r\n", "NOOP\nNOOP\r\n",
		"NOOP\r\r\n" };
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		ck_assert_msg(fast_length(MAILIN_SYNTAX_STRICT, rows[i],
				  strlen(rows[i])) == 0,
		    "%s", rows[i]);
		ck_assert_msg(fast_length(MAILIN_SYNTAX_RELAXED, rows[i],
				  strlen(rows[i])) == 0,
		    "%s", rows[i]);
	}
}
END_TEST

static size_t
next(uint64_t *state, size_t most)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return (size_t)(*state >> 33) % most;
}

/* Write a stream of random pieces, which form commands and malformed lines of
 * many kinds. */
static size_t
write_stream(uint64_t *state, char *out)
{
	static const char pieces[][12] = { "\r\n", "\r\n", "\r\n", "\n", "\r",
		"MAIL FROM:<>", "quit", "DATA\r\n", "AUTH PLAIN", "BDAT 1",
		"GET ", "DELETE ", "HELO a", " ", "noop a", "\x16", "A", "RSET",
		"a", "noop" };
	size_t i, len = 0;

	for (i = 0; i < 12; i++) {
		const char *piece = pieces[next(state, ROWS(pieces))];

		memcpy(out + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return len;
}

/* If the fast path reads a command from a stream, mailin_line_read() must find
 * a complete line there, with the same end. */
START_TEST(a_command_is_a_whole_line)
{
	static const struct mailin_line_rules rules = { LIMIT, 24, false };
	uint64_t state = 1;
	size_t turn, passed = 0;
	char in[12 * 12];

	for (turn = 0; turn < 200000; turn++) {
		size_t at = 0, len = write_stream(&state, in);

		heap_init(&heap);
		memset(&line, 0, sizeof line);
		while (at < len) {
			size_t feed = 1 + next(&state, len - at);
			size_t look = !mailin_line_is_new(&line) ?
			    0 :
			    fast_length((enum mailin_syntax)(turn % 2), in + at,
				feed);
			enum mailin_line_result result;
			struct mailin_span out;
			size_t used = mailin_line_read(&line, &heap.allocator,
			    &rules, in + at, feed, &out, &result);

			if (look > 0 &&
			    (look != used || out.len != used ||
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
		lines_that_are_no_commands_take_the_slow_way,
		a_command_is_a_whole_line,
	};

	return suite_run("whole_line", tests, ROWS(tests));
}
