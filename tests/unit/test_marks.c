/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Compares the marks of a short text, which are bits that classify its octets
 * (src/command/fast/marks.h), with a test of each octet. */
#include <string.h>

#include "octet/ascii.h"
#include "command/fast/marks.h"
#include "support/place.h"
#include "support/suite.h"

static struct marks
plain(const unsigned char *in, size_t len)
{
	struct marks marks = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < len; i++) {
		marks.alnum |= (uint64_t)ascii_is(in[i], ASCII_ALNUM) << i;
		marks.dot |= (uint64_t)(in[i] == '.') << i;
		marks.word |= (uint64_t)(in[i] == '-') << i;
	}
	marks.word |= marks.alnum | marks.dot;
	return marks;
}

static void
hold(struct marks marks, const unsigned char *in, size_t len)
{
	struct marks wanted = plain(in, len);

	ck_assert_msg(memcmp(&marks, &wanted, sizeof marks) == 0, "%s",
	    suite_quote((struct mailin_span){ (const char *)in, len }));
}

/* Fill the text mostly with octets that the tokenizer treats specially, and
 * with their neighbours in ASCII. */
static void
fill(char *out, size_t len)
{
	static const char octets[] = "aAzZ09..--/:@[`{\r\n ";
	size_t i;

	for (i = 0; i < len; i++) {
		out[i] = octets[suite_random(sizeof octets - 1)];
		if (suite_random(4) == 0)
			out[i] = (char)suite_random(256);
	}
}

START_TEST(each_octet_has_its_marks)
{
	unsigned char in[MARKS_WIDTH];
	size_t at;
	int octet;

	for (octet = 0; octet < 256; octet++) {
		for (at = 0; at < sizeof in; at++) {
			memset(in, '.', sizeof in);
			in[at] = (unsigned char)octet;
			hold(marks_of_sixteen(in), in, sizeof in);
		}
	}
}
END_TEST

START_TEST(an_octet_changes_no_other_mark)
{
	unsigned turn;

	for (turn = 0; turn < 20000; turn++) {
		char in[MARKS_WIDTH];

		fill(in, sizeof in);
		hold(marks_of_sixteen((unsigned char *)in), (unsigned char *)in,
		    sizeof in);
	}
}
END_TEST

/* Copy a text of 16 or more octets to the start or the end of a page.  Returns
 * the last len octets of the copy. */
static const unsigned char *
at_edge(unsigned turn, const char *text, size_t len)
{
	size_t before = len < MARKS_WIDTH ? MARKS_WIDTH - len : 0;

	return (const unsigned char *)place_octets(
		   turn % 2 == 0 ? PLACE_BEFORE_EDGE : PLACE_AFTER_EDGE, 0,
		   text + MARKS_WIDTH - before, before + len) +
	    before;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The marks of a text of any length are right, and no octet outside the text is
 * read. */
START_TEST(a_text_of_any_length_has_its_marks)
{
	char text[MARKS_WIDTH + 80];
	unsigned turn;
	size_t len;

	for (turn = 0; turn < 200; turn++) {
		for (len = 1; len < 80; len++) {
			const unsigned char *in;
			struct marks marks;

			fill(text, MARKS_WIDTH + len);
			in = at_edge(turn, text, len);
			marks = marks_of(in, len);
			hold(marks, in, least(len, MARKS_FIRST));
			if (len >= MARKS_FIRST)
				hold(marks_more(marks, in, len), in,
				    least(len, MARKS_MOST));
		}
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_octet_has_its_marks,
		an_octet_changes_no_other_mark,
		a_text_of_any_length_has_its_marks,
	};

	return suite_run("marks", tests, ROWS(tests));
}
