/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the facts about a message that are gathered while it is read:
 * src/message/body.c. */
#include <string.h>

#include "message/body.h"
#include "support/pieces.h"
#include "support/suite.h"

struct long_row {
	const char *octets; /* each X is replaced by 997 "x" */
	bool normalized;    /* with NORMALIZE, is any line too long? */
	bool preserved;     /* with PRESERVE, is any line too long? */
};

/* RFC 5322 2.1.1: a line has at most 998 octets and CR LF.  A bare CR or LF
 * counts as an octet. */
static const struct long_row long_rows[] = {
	{ "Xx\r\n", false, false },
	{ "Xxx\r\n", true, true },
	{ "Xx", false, false },
	{ "Xxx", true, true },
	{ "Xx\r\nXx\r\n", false, false },
	{ "X\r\r\n", false, false },
	{ "Xx\r\r\n", true, true },
	{ "X\rx", true, true },
	{ "X\r", false, false },
	{ "Xx\r", true, true },
	{ "\rXx\r\n", true, true },
	{ "X\n\r\n", false, false },
	{ "Xx\n\r\n", false, true },
	{ "x\nX\r\n", false, true },
	{ "x\nXx\r\n", false, true },
	{ "x\nXxx\r\n", true, true },
};

/* Write the text with each X expanded. */
static size_t
expand(const char *text, char *out)
{
	char *start = out;

	for (; *text != '\0'; text++) {
		size_t count = *text == 'X' ? 997 : 1;

		memset(out, *text == 'X' ? 'x' : *text, count);
		out += count;
	}
	return (size_t)(out - start);
}

START_TEST(a_line_is_long_from_999_octets)
{
	static struct decoded want;
	char octets[2100];
	size_t i;

	for (i = 0; i < ROWS(long_rows); i++) {
		const struct long_row *row = &long_rows[i];
		struct mailin_span stream = { octets,
			expand(row->octets, octets) };

		decoder_run(&want, stream, MAILIN_BARE_NEWLINE_NORMALIZE, false,
		    true);
		ck_assert_msg(want.facts.long_line == row->normalized, "%s",
		    suite_quote(mailin_span_of(row->octets)));
		decoder_run(&want, stream, MAILIN_BARE_NEWLINE_PRESERVE, false,
		    true);
		ck_assert_msg(want.facts.long_line == row->preserved, "%s",
		    suite_quote(mailin_span_of(row->octets)));
		pieces_check(stream, !suite_quick());
	}
}
END_TEST

/* A stuffed dot does not count as an octet of the line. */
START_TEST(a_stuffed_dot_makes_no_line_long)
{
	static struct decoded got;
	char octets[1100];
	struct mailin_span stream = { octets, expand(".Xx\r\n", octets) };

	pieces_run(&got, stream, MAILIN_BARE_NEWLINE_NORMALIZE, true, WHOLE);
	ck_assert(!got.facts.long_line);
	ck_assert_uint_eq(got.facts.octets, 1000);
	stream.len = expand(".Xxx\r\n", octets);
	pieces_run(&got, stream, MAILIN_BARE_NEWLINE_NORMALIZE, true, WHOLE);
	ck_assert(got.facts.long_line);
}
END_TEST

START_TEST(eight_bit_and_nul_are_facts_and_no_more)
{
	static const struct mailin_span rows[] = { TEXT("a\x7f\r\n"),
		TEXT("a\x80\r\n"), TEXT("\xff"), TEXT("\xc3\xa9\0\r\n.\r\n"),
		TEXT(".\x80\r\n.\r\n"), TEXT("\x1a\x04\x03\r\n") };
	size_t i;

	for (i = 0; i < ROWS(rows); i++)
		pieces_check(rows[i], true);
}
END_TEST

/* If no octet of a chunk has to be changed, the handler gets the chunk as one
 * span. */
START_TEST(plain_text_is_handed_on_in_one_span)
{
	static const char text[] = "Subject: x\r\n\r\nline\r\nline\r\nlast";
	struct mailin_body body;
	struct mailin_span out;

	mailin_body_start(&body, MAILIN_BARE_NEWLINE_NORMALIZE, true,
	    mailin_vector_best());
	ck_assert_uint_eq(mailin_body_read(&body, text, sizeof text - 1, &out),
	    sizeof text - 1);
	ck_assert_ptr_eq(out.ptr, text);
	ck_assert_uint_eq(out.len, sizeof text - 1);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_line_is_long_from_999_octets,
		a_stuffed_dot_makes_no_line_long,
		eight_bit_and_nul_are_facts_and_no_more,
		plain_text_is_handed_on_in_one_span,
	};

	return suite_run("facts", tests, ROWS(tests));
}
