/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the search for octets that the decoder treats specially.  A line that
 * is fed alone has a search of its own.  The search in a longer text has three
 * parts: the start of the text, the blocks after it, and the rest.
 * src/message/text_search.h, src/message/text_vector.h. */
#include <string.h>

#include "message/text.h"
#include "support/pieces.h"
#include "support/suite.h"

#define MOST_OCTETS 9000

static char message[MOST_OCTETS];

/* Octets that stop the search, and similar octets that do not. */
/* clang-format off */
static const struct mailin_span odd[] = {
	TEXT("\n"), TEXT("\r"), TEXT("."), TEXT("\0"), TEXT("\t"), TEXT("\x0e"),
	TEXT("\x7f"), TEXT("\x80"), TEXT("\x8a"), TEXT("\x8d"), TEXT("\xff"),
	TEXT("\r\n"), TEXT("\r\n."), TEXT("\r\n\n"), TEXT("\n."), TEXT("\n\r"),
	TEXT("\r\r\n"), TEXT("\r\n\r"), TEXT("\r\n.\r\n"), TEXT("\r\n\r\n"),
	TEXT("\t\n"), TEXT("x"),
};
/* clang-format on */

/* ---- A line by itself ---------------------------------------------------- */

/* Feed two equal lines: first each line as one piece, then both lines in two
 * pieces that are cut anywhere. */
static void
compare_two_lines(size_t text, size_t at, struct mailin_span part, unsigned row)
{
	size_t len = text + part.len + 2, cut = row % (2 * len);
	struct mailin_span stream = { message, 2 * len };
	const struct pieces ways[] = {
		{ len, len, 0, PLACE_BEFORE_EDGE, 0, false, 0, 0 },
		{ len, len, 0, PLACE_AFTER_EDGE, 0, false, 0, 0 },
		{ len, len, 0, PLACE_AMONG, row % PLACE_ALIGNMENTS, false, 0,
		    0 },
		{ cut, SIZE_MAX, 0, PLACE_BEFORE_EDGE, 0, row % 5 == 0, 0, 0 }
	};

	memset(message, 'a', text + part.len);
	memcpy(message + at, part.ptr, part.len);
	memcpy(message + text + part.len, "\r\n", 2);
	memcpy(message + len, message, len);
	pieces_compare_all(stream, ways, ROWS(ways));
}

/* A line that is fed alone is decoded to the same octets as a line that is fed
 * together with other lines (threats V1 and V2; properties 1, 2, 5). */
START_TEST(a_line_by_itself_is_decoded_as_among_others)
{
	size_t len, at, i, row = 0;

	for (len = 1; len <= 150; len += suite_stride(19))
		for (at = 0; at <= len; at += suite_stride(97))
			/* At offset 0 try all octets of odd[].  At each later
			 * offset try only the next octet of odd[]. */
			for (i = at == 0 ? ROWS(odd) : 1; i > 0; i--, row++)
				compare_two_lines(len, at, odd[row % ROWS(odd)],
				    (unsigned)(13 * row));
}
END_TEST

/* Plain text has octets from 14 to 127 only.  Any other octet is found at each
 * place of a line of each length. */
START_TEST(an_octet_that_is_not_plain_is_found_at_each_place)
{
	static const char not_plain[] = { '\r', '\n', 0, '\x80', '\xff' };
	const struct mailin_text_width *text;
	size_t len, at;
	int i;

	for (i = 0; i < MAILIN_VECTOR_COUNT; i++) {
		if (!pieces_has((enum mailin_vector)i))
			continue;
		text = mailin_text_of((enum mailin_vector)i);
		for (len = 0; len <= 300; len++) {
			memset(message, len % 2 == 0 ? 14 : 127, len);
			ck_assert(text->is_plain(message, len));
			for (at = 0; at < len; at++) {
				char kept = message[at];

				message[at] = not_plain[(at + len) % 5];
				ck_assert_msg(!text->is_plain(message, len),
				    "vector %d, octet %zu of %zu", i, at, len);
				message[at] = kept;
			}
		}
	}
}
END_TEST

/* The facts about a long line do not depend on the pieces: the first piece may
 * end where the line ends, or some octets earlier (property 2). */
START_TEST(a_line_by_itself_may_end_a_long_one)
{
	static const size_t lens[] = { 1, 8, 40, 76, 126, 127, 128, 129 };
	size_t len, i;

	for (len = 997; len <= 1000; len++)
		for (i = 0; i < ROWS(lens); i++) {
			const struct pieces ways[] = {
				{ len - lens[i], SIZE_MAX, 0, PLACE_BEFORE_EDGE,
				    0, false, 0, 0 },
				{ len + 2, SIZE_MAX, 0, PLACE_BEFORE_EDGE, 0,
				    false, 0, 0 }
			};

			memset(message, 'a', len);
			memcpy(message + len, "\r\nIts next.\r\n", 13);
			pieces_compare_all(
			    (struct mailin_span){ message, len + 13 }, ways,
			    ROWS(ways));
		}
}
END_TEST

/* ---- Longer text --------------------------------------------------------- */

/* Fill the message with lines of "line" octets.  If "tabs" is true, every
 * second block of 32 octets has TABs instead of letters.  The code of TAB is
 * less than that of LF. */
static void
fill(size_t len, size_t line, bool tabs)
{
	size_t i;

	for (i = 0; i < len; i++) {
		size_t column = i % (line + 2);

		message[i] = (char)(column == line ? '\r' :
			column == line + 1         ? '\n' :
			tabs && i / 32 % 2 == 0    ? '\t' :
						     'a');
	}
}

static void
check_text(size_t len, size_t at, unsigned row)
{
	struct mailin_span stream = { message, len };
	const struct pieces ways[] = { { SIZE_MAX, 0, 0, PLACE_BEFORE_EDGE, 0,
					   false, 0, 0 },
		{ row % 3 == 0 ? at : row % len, SIZE_MAX, 0, PLACE_AMONG,
		    row % PLACE_ALIGNMENTS, row % 7 == 0, 0, 0 } };

	pieces_compare_all(stream, ways, ROWS(ways));
}

/* The search sees an octet at any place of longer text (threats V1, V2, V3;
 * properties 1, 2, 5, 7). */
START_TEST(an_octet_is_seen_at_any_place_of_longer_text)
{
	static const size_t lens[] = { 129, 130, 131, 160, 193, 255, 256, 257,
		258, 259, 300, 384, 385, 386, 387, 400, 511, 515, 640, 641, 642,
		777 };
	static const size_t lines[] = { 76, 5000, 0, 300, 62 };
	unsigned row = 0;
	size_t i, at;

	for (i = 0; i < ROWS(lens); i++)
		for (at = 60; at < lens[i]; at += suite_stride(31)) {
			struct mailin_span part = odd[row % ROWS(odd)];

			fill(lens[i], lines[row / 3 % ROWS(lines)],
			    row % 2 != 0);
			memcpy(message + at, part.ptr, part.len);
			check_text(lens[i] + row % 3, at, row);
			row += 5;
		}
}
END_TEST

/* Try any three adjacent octets that some step treats differently, at the
 * border of two blocks and inside a block. */
START_TEST(three_octets_are_seen_among_ordinary_ones)
{
	static const char octets[] = "\0\x01\t\n\v\f\r\x0e\x1f -./a\x7f\x80\x8a"
				     "\x8b\x8d\xf4\xff";
	static const size_t places[] = { 380, 381, 382, 383, 384, 300, 636, 637,
		638, 639, 640, 126 };
	size_t count = sizeof octets - 1, number;
	unsigned row = 0;

	for (number = 0; number < count * count * count;
	     number += suite_stride(131), row++) {
		size_t at = places[row % ROWS(places)];

		fill(700, row % 3 == 0 ? 76 : 5000, false);
		message[at] = octets[number % count];
		message[at + 1] = octets[number / count % count];
		message[at + 2] = octets[number / count / count];
		check_text(700, at, row);
	}
}
END_TEST

/* Fill message with lines of random lengths, many of them near 998 octets.
 * Returns the total length. */
static size_t
make_lines(void)
{
	size_t len = 0;

	while (len < MOST_OCTETS - 1100) {
		unsigned kind = suite_random(8);
		size_t line = kind == 0 ? 995 + suite_random(5) :
		    kind == 1           ? 998 :
		    kind == 2           ? suite_random(998) :
		    kind == 3           ? 400 + suite_random(400) :
					  suite_random(120);

		memset(message + len, suite_random(9) == 0 ? '\t' : 'a', line);
		memcpy(message + len + line, "\r\n", 2);
		len += line + 2;
		if (suite_random(60) == 0)
			break;
	}
	return len;
}

/* RFC 5322 2.1.1: lines of more than 998 octets are found. */
START_TEST(lines_are_counted_at_any_place)
{
	unsigned rounds = 3000 / (unsigned)suite_stride(50);
	size_t len;

	for (; rounds > 0; rounds--) {
		const struct pieces ways[] = {
			{ SIZE_MAX, 0, 0, PLACE_BEFORE_EDGE, 0, false, 0, 0 },
			{ suite_random(2000), SIZE_MAX, 0, PLACE_AMONG,
			    suite_random(PLACE_ALIGNMENTS), false, 0, 0 },
			{ suite_random(200), 1 + suite_random(1200), 0,
			    PLACE_BEFORE_EDGE, 0, false, 0, 0 }
		};

		len = make_lines();
		/* Sometimes change one octet. */
		if (suite_random(4) == 0)
			message[suite_random((unsigned)len)] =
			    "\n\ra\t\x80"[suite_random(6)];
		pieces_compare_all(
		    (struct mailin_span){ message, len - suite_random(3) },
		    ways, ROWS(ways));
	}
}
END_TEST

/* Put each octet among ordinary ones, beside a CR or LF.  No other octet after
 * a CR may be taken for a LF, and no other octet before a LF for a CR. */
START_TEST(any_octet_may_be_beside_a_cr_or_lf)
{
	static const char *const forms[] = { "\r?", "?\n", "\n?", "?\r",
		"\r\n?", "\r?\n", "?" };
	static const struct pieces whole = { .first = SIZE_MAX,
		.place = PLACE_AMONG };
	size_t form, octet, at;

	for (form = 0; form < ROWS(forms); form++)
		for (octet = 0; octet < 256; octet += suite_stride(17)) {
			memset(message, 'a', 1200);
			at = 300 + octet;
			memcpy(message + at, forms[form], strlen(forms[form]));
			*(char *)memchr(message + at, '?', 3) = (char)octet;
			pieces_compare_all(
			    (struct mailin_span){ message, 1200 }, &whole, 1);
		}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_line_by_itself_is_decoded_as_among_others,
		an_octet_that_is_not_plain_is_found_at_each_place,
		a_line_by_itself_may_end_a_long_one,
		an_octet_is_seen_at_any_place_of_longer_text,
		three_octets_are_seen_among_ordinary_ones,
		lines_are_counted_at_any_place,
		any_octet_may_be_beside_a_cr_or_lf,
	};

	return suite_run("text", tests, ROWS(tests));
}
