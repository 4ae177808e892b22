/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The decoder of messages, src/message/body.c, reads many octets in one step.
 * The result must be the same as octet by octet, wherever a step begins, and
 * wherever a piece or a page of memory ends inside the step. */
#include <string.h>

#include "support/pieces.h"
#include "support/suite.h"

#define MOST_OCTETS 2048

static char message[MOST_OCTETS];

/* Fill "out" with lines of 76 octets, as in MIME. */
static void
fill(char *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		size_t column = i % 78;

		out[i] = (char)(column == 76 ? '\r' :
			column == 77         ? '\n' :
					       'a' + column % 26);
	}
}

/* ---- One octet in plain text --------------------------------------------- */

static void
check_octet(size_t len, size_t at, unsigned row)
{
	struct mailin_span stream = { message, len };
	unsigned alignment = row % PLACE_ALIGNMENTS;
	const struct pieces turns[] = {
		{ at, 1, 1, PLACE_AMONG, alignment, false, 0, 0 },
		{ SIZE_MAX, 0, 0, PLACE_AFTER_EDGE, 0, false, 0, 0 },
		{ at + 1, SIZE_MAX, 0, PLACE_BEFORE_EDGE, 0, false, 0, 0 },
		{ at, SIZE_MAX, 0, PLACE_BEFORE_EDGE, 0, true, 0, 0 },
	};
	const struct pieces ways[] = {
		{ SIZE_MAX, 0, 0, PLACE_AMONG, alignment, false, 0, 0 },
		{ SIZE_MAX, 0, 0, PLACE_BEFORE_EDGE, 0, false, 0, 0 },
		turns[len % ROWS(turns)],
	};

	pieces_compare_all(stream, ways, ROWS(ways));
}

/* Put a short text at every alignment, and a longer text at some of them.  Use
 * a different policy each time. */
static void
check_alignments(size_t len, unsigned row)
{
	struct mailin_span stream = { message, len };
	struct pieces pieces = { .first = SIZE_MAX, .place = PLACE_AMONG };
	unsigned step = len <= 80 ? 1 : 16;
	int policy = (int)(row % POLICIES);
	static struct decoded want;

	decoder_run(&want, stream, POLICY_NEWLINE(policy), POLICY_DOTS(policy),
	    !POLICY_DOTS(policy));
	for (pieces.alignment = row % step; pieces.alignment < PLACE_ALIGNMENTS;
	     pieces.alignment += step)
		pieces_compare(&want, stream, policy, pieces);
}

/* A significant octet is seen at any place (threats V1 and V9;
 * properties 2 and 5). */
START_TEST(an_octet_is_seen_at_any_place)
{
	static const char octets[] = { '\r', '\n', '.', '\0', '\x80', '\xff' };
	unsigned row = 0;
	size_t len, at, i;

	for (len = 1; len <= 200; len += suite_stride(3))
		for (at = 0; at < len; at += suite_stride(61))
			for (i = 0; i < ROWS(octets); i++) {
				fill(message, len);
				message[at] = octets[i];
				check_octet(len, at, row);
				check_alignments(len, row);
				row += 7;
			}
}
END_TEST

/* ---- A few significant octets in plain text ---- */

static const char *const tokens[] = { "\r\n", "\r", "\n", ".", "x" };

/* Write "count" tokens.  Each digit of "number", in base ROWS(tokens), chooses
 * a token.  Returns the length of the text. */
static size_t
put_tokens(char *out, size_t number, size_t count)
{
	size_t len = 0;

	for (; count > 0; count--, number /= ROWS(tokens)) {
		const char *token = tokens[number % ROWS(tokens)];

		memcpy(out + len, token, strlen(token));
		len += strlen(token);
	}
	return len;
}

/* Feed the tokens one by one, or all at once, so that a step ends between two
 * of them. */
static void
check_tokens(size_t at, size_t tokens_len, unsigned row)
{
	size_t len = at + tokens_len + 64 + row % 64;
	struct mailin_span stream = { message, len };
	unsigned alignment = row % PLACE_ALIGNMENTS;
	const struct pieces ways[] = { { SIZE_MAX, 0, 0, PLACE_AMONG, alignment,
					   false, 0, 0 },
		{ at, 1, tokens_len, PLACE_AMONG, alignment, false, 0, 0 },
		{ at + row % (tokens_len + 1), SIZE_MAX, 0, PLACE_BEFORE_EDGE,
		    0, row % 3 == 0, 0, 0 } };

	fill(message + at + tokens_len, len - at - tokens_len);
	pieces_compare_all(stream, ways, ROWS(ways));
}

/* Line ends and dots are seen at any place (threats V1, V2, V3;
 * properties 1, 2, 7). */
START_TEST(line_ends_and_dots_are_seen_at_any_place)
{
	/* Put one token at every place, and five in a row at every 33rd. */
	static const size_t steps[] = { 1, 1, 1, 5, 33 };
	size_t number, rows = 1, at, i;
	unsigned row = 0;

	for (i = 0; i < ROWS(steps); i++) {
		rows *= ROWS(tokens);
		for (number = 0; number < rows; number += suite_stride(31))
			for (at = number % steps[i]; at < 128; at += steps[i]) {
				size_t len;

				fill(message, at);
				len = put_tokens(message + at, number, i + 1);
				check_tokens(at, len, row += 5);
			}
	}
}
END_TEST

/* ---- Long lines ---------------------------------------------------------- */

/* Octets that come after a line of the tested length. */
static const char *const long_ends[] = {
	"\r\n",
	"",
	"\r",
	"\n",
	"\r\r\n",
	"\n\r\n",
	"\rx\r\n",
	"\r\n.\r\n",
};

static void
check_long(size_t before, size_t len, const char *end)
{
	static const size_t steps[] = { 7, 16, 64, 500 };
	struct mailin_span stream = { message, before + len + strlen(end) };
	struct pieces ways[ROWS(steps) + 6] = {
		{ SIZE_MAX, 0, 0, PLACE_AMONG, (unsigned)before, false, 0, 0 },
		{ SIZE_MAX, 0, 0, PLACE_AMONG, (unsigned)len, false, 0, 0 },
		{ SIZE_MAX, 0, 0, PLACE_BEFORE_EDGE, 0, false, 0, 0 },
		{ before + len - 1, 1, 3, PLACE_AMONG, 0, false, 0, 0 },
		{ before, 998, 0, PLACE_AMONG, 0, false, 0, 0 },
		{ before, 999, 0, PLACE_AMONG, 0, false, 0, 0 },
	};
	size_t i;

	for (i = 0; i < ROWS(steps); i++)
		ways[6 + i] = (struct pieces){ before + steps[i], steps[i], 0,
			PLACE_STREAM, 0, false, 0, 0 };
	memset(message, 'x', stream.len);
	if (before > 1)
		memcpy(message + before - 2, "\r\n", 2);
	memcpy(message + before + len, end, strlen(end));
	pieces_compare_all(stream, ways, ROWS(ways));
	message[before] = '.';
	pieces_compare_all(stream, ways, ROWS(ways));
}

/* RFC 5322 2.1.1: a line may have 998 octets and CR LF; it is long if it has
 * more. */
START_TEST(a_line_is_long_from_999_octets_at_any_place)
{
	size_t before, len, i;

	for (before = 0; before <= 64; before += suite_stride(64))
		for (len = 997; len <= 999; len++)
			for (i = 0; i < ROWS(long_ends); i++)
				check_long(before, len, long_ends[i]);
}
END_TEST

/* ---- One span ------------------------------------------------------------ */

static void
check_one_span(struct mailin_span in, int policy, enum mailin_vector vector)
{
	struct mailin_body body;
	struct mailin_span out;

	mailin_body_start(&body, POLICY_NEWLINE(policy), POLICY_DOTS(policy),
	    vector);
	if (mailin_body_read(&body, in.ptr, in.len, &out) != in.len ||
	    out.ptr != in.ptr || out.len != in.len)
		ck_abort_msg("policy %d, vector %d: %zu of %zu octets", policy,
		    (int)vector, out.len, in.len);
}

/* Feed a chunk in which no octet must change, and whose last octet is not
 * CR. */
static void
check_plain(size_t len, unsigned alignment)
{
	struct mailin_span in;
	int i;

	fill(message, len);
	if (message[len - 1] == '\r')
		message[len - 1] = '\xc3';
	in.ptr = place_octets(PLACE_AMONG, alignment, message, len);
	in.len = len;
	for (i = 0; i < MAILIN_VECTOR_COUNT * POLICIES; i++) {
		enum mailin_vector vector = (enum mailin_vector)(i / POLICIES);

		if (pieces_has(vector))
			check_one_span(in, i % POLICIES, vector);
	}
}

/* A chunk in which no octet must change is delivered as one span. */
START_TEST(plain_text_is_handed_on_in_one_span)
{
	unsigned alignment;
	size_t len;

	for (alignment = 0; alignment < PLACE_ALIGNMENTS; alignment++)
		for (len = 1; len <= 300; len += suite_stride(23))
			check_plain(len, alignment);
}
END_TEST

/* ---- Large chunks -------------------------------------------------------- */

static void
check_large(struct mailin_span stream)
{
	static const struct pieces ways[] = {
		{ SIZE_MAX, 0, 0, PLACE_BEFORE_EDGE, 0, false, 0, 0 },
		{ SIZE_MAX, 0, 0, PLACE_AFTER_EDGE, 0, false, 0, 0 },
		{ 1, SIZE_MAX, 0, PLACE_AMONG, 5, false, 0, 0 },
		{ 3000, SIZE_MAX, 0, PLACE_HEAP, 0, true, 0, 0 },
	};

	pieces_compare_all(stream, ways, ROWS(ways));
}

/* A chunk has more octets, and more steps, than a byte can count. */
START_TEST(a_chunk_may_be_large)
{
	static const char *const units[] = { "x", "\r\n", "x\r\n", ".\n", "\n",
		"\r", "..\r\n", "\xc3\xa9", "a line of text, then a CR LF\r\n",
		"\r\n..", "x\r\r\n" };
	static char octets[40000];
	size_t len = sizeof octets / suite_stride(16), i, at;

	for (i = 0; i < ROWS(units); i++) {
		for (at = 0; at < len; at++)
			octets[at] = units[i][at % strlen(units[i])];
		check_large((struct mailin_span){ octets, len });
		/* One unusual octet, far from the start. */
		octets[len - 70] = '\0';
		check_large((struct mailin_span){ octets, len });
	}
}
END_TEST

/* ---- Any message --------------------------------------------------------- */

/* clang-format off */
static const struct mailin_span parts[] = {
	TEXT("\r\n"), TEXT("\r\n"), TEXT("\r\n"), TEXT("\r\n."),
	TEXT("\r\n.."), TEXT("\r\n.\r"), TEXT("\r\n.\n"), TEXT("\r\n.\r\r\n"),
	TEXT("\n.\r\n"), TEXT("\r.\r\n"), TEXT("\n.\n"), TEXT("\n"), TEXT("\r"),
	TEXT("\r\r\n"), TEXT("\n\r"), TEXT("."), TEXT(".\r\n"), TEXT("\0"),
	TEXT("\r\0\n"), TEXT("\x80"), TEXT("\xff\xfe"), TEXT("\x8a\x8d\xae"),
	TEXT("\x0b\x0c\x0e\x09"), TEXT("-/\x2c"), TEXT("\r\n.\r\n"),
};
/* clang-format on */

/* Make a long text that consists of the parts, in a random order. */
static size_t
make_message(void)
{
	size_t most = suite_random(4) == 0 ? MOST_OCTETS : 400;
	size_t len = 0, i;

	while (len < most - 8 && suite_random(50) != 0) {
		size_t run = suite_random(suite_random(12) == 0 ? 1100 : 100);
		unsigned n = 1 + suite_random(3);
		/* Choose the last part, the end of data, seldom. */
		unsigned rows = ROWS(parts) - (suite_random(4) != 0);

		if (run > most - 8 - len)
			run = most - 8 - len;
		if (suite_random(4) == 0)
			memset(message + len, 'x', run);
		else
			fill(message + len, run);
		for (len += run; n > 0 && len < most - 8; n--) {
			i = suite_random(rows);
			memcpy(message + len, parts[i].ptr, parts[i].len);
			len += parts[i].len;
		}
	}
	return len;
}

static struct pieces
any_pieces(size_t len)
{
	static const unsigned steps[] = { 1, 2, 3, 16, 17, 32, 64, 65, 100, 300,
		1000 };
	unsigned below = steps[suite_random(ROWS(steps))];

	return (struct pieces){
		.first = suite_random((unsigned)len + 1),
		.each = 1 + suite_random(below),
		.times = suite_random(20),
		.place = (enum place)suite_random(PLACE_AFTER_EDGE + 1),
		.alignment = suite_random(PLACE_ALIGNMENTS),
		.skips = suite_random(8) == 0,
	};
}

/* Decode any message as defined, in any pieces (threats V1, V2, V3, V9;
 * properties 1, 2, 3, 5, 6, 7). */
START_TEST(any_message_is_decoded_as_by_definition_in_any_pieces)
{
	unsigned rounds = 10000 / (unsigned)suite_stride(100);
	struct pieces ways[6];
	size_t i, len;

	for (; rounds > 0; rounds--) {
		len = make_message();
		for (i = 0; i < ROWS(ways); i++)
			ways[i] = any_pieces(len);
		pieces_compare_all((struct mailin_span){ message, len }, ways,
		    ROWS(ways));
	}
}
END_TEST

/* If the library has no code for a vector, such as NEON on x86, it uses words
 * instead. */
START_TEST(each_width_has_its_functions)
{
	const struct mailin_text_width *words = mailin_text_of(
	    MAILIN_VECTOR_WORDS);
	int vector;

	for (vector = 0; vector < MAILIN_VECTOR_COUNT; vector++) {
		const struct mailin_text_width *width = mailin_text_of(
		    (enum mailin_vector)vector);

		ck_assert(width->search != NULL && width->is_plain != NULL &&
		    width->gather != NULL && width->skip != NULL);
		ck_assert((vector == MAILIN_VECTOR_WORDS) == (width == words) ||
		    !mailin_vector_has((enum mailin_vector)vector));
	}
	ck_assert(mailin_vector_has(mailin_vector_best()));
	ck_assert(!mailin_vector_has(MAILIN_VECTOR_COUNT));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_width_has_its_functions,
		an_octet_is_seen_at_any_place,
		line_ends_and_dots_are_seen_at_any_place,
		a_line_is_long_from_999_octets_at_any_place,
		plain_text_is_handed_on_in_one_span,
		a_chunk_may_be_large,
		any_message_is_decoded_as_by_definition_in_any_pieces,
	};

	return suite_run("vector", tests, ROWS(tests));
}
