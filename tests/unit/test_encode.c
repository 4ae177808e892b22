/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how replies are encoded as octets: src/reply/encode.c. */
#include <stdlib.h>
#include <string.h>

#include "reply/encode.h"
#include "support/replies.h"
#include "support/suite.h"

static char out[REPLY_ROOM];

struct row {
	int code;
	const char *enhanced;
	struct mailin_span text;
	const char *octets;
};

static const struct row rows[] = {
	{ 250, "2.0.0", TEXT("OK"), "250 2.0.0 OK\r\n" },
	{ 220, "", TEXT("mx ESMTP"), "220 mx ESMTP\r\n" },
	/* RFC 4954 4: the blank in "334 " is required. */
	{ 334, "", TEXT(""), "334 \r\n" },
	{ 334, "", { NULL, 0 }, "334 \r\n" },
	{ 550, "5.1.1", TEXT("a\nb"), "550-5.1.1 a\r\n550 5.1.1 b\r\n" },
	{ 250, "", TEXT("a\nb\nc"), "250-a\r\n250-b\r\n250 c\r\n" },
	{ 250, "", TEXT("a\n\nb"), "250-a\r\n250-\r\n250 b\r\n" },
	{ 250, "", TEXT("\na"), "250-\r\n250 a\r\n" },
	{ 599, "5.999.999", TEXT("a"), "599 5.999.999 a\r\n" },
	{ 200, "2.0.0", TEXT("a"), "200 2.0.0 a\r\n" },
	/* Only a newline in the text begins a new line of the reply (threat
	 * V48). */
	{ 250, "", TEXT("a\r\n250 b"), "250-a?\r\n250 250 b\r\n" },
	{ 250, "", TEXT("a\rb"), "250 a?b\r\n" },
	{ 250, "", TEXT("a\0b\tc\x1b[0m\x7f"), "250 a?b?c?[0m?\r\n" },
	{ 250, "", TEXT("\xc3\xa9\x85\xff"), "250 ????\r\n" },
	{ 250, "", TEXT("~ !\"%n"), "250 ~ !\"%n\r\n" },
};

START_TEST(a_reply_is_lines_of_one_code)
{
	size_t i, len;

	for (i = 0; i < ROWS(rows); i++) {
		const struct row *row = &rows[i];

		len = mailin_reply_encode(row->code, row->enhanced, row->text,
		    out);
		ck_assert_msg(len == strlen(row->octets) &&
			memcmp(out, row->octets, len) == 0,
		    "%s: %s", suite_quote(row->text),
		    suite_quote((struct mailin_span){ out, len }));
	}
}
END_TEST

/* A newline at the end of a text ends the last line, and begins no new line. */
START_TEST(a_text_may_end_in_a_newline)
{
	size_t len = mailin_reply_encode(250, "2.0.0", SPAN("OK\n"), out);

	ck_assert(mailin_span_equal((struct mailin_span){ out, len },
	    "250 2.0.0 OK\r\n"));
}
END_TEST

/* RFC 5321 4.5.3.1.5: a line has at most 512 octets, including its code and CR
 * LF. */
START_TEST(a_line_over_512_octets_is_folded)
{
	char text[1600];
	size_t len, prefix, i;

	memset(text, 'x', sizeof text);
	for (i = 0; i < 2; i++) {
		const char *enhanced = i == 0 ? "" : "2.0.0";

		prefix = i == 0 ? 4 : 10;
		len = mailin_reply_encode(250, enhanced,
		    (struct mailin_span){ text, 510 - prefix }, out);
		ck_assert_uint_eq(len, 512);
		len = mailin_reply_encode(250, enhanced,
		    (struct mailin_span){ text, 511 - prefix }, out);
		ck_assert_uint_eq(len, 512 + prefix + 1 + 2);
		ck_assert(memcmp(out, "250-", 4) == 0);
		ck_assert(memcmp(out + 512, "250 ", 4) == 0);
		/* A newline exactly at the limit makes no empty line. */
		text[510 - prefix] = '\n';
		len = mailin_reply_encode(250, enhanced,
		    (struct mailin_span){ text, 512 - prefix }, out);
		ck_assert_uint_eq(len, 512 + prefix + 1 + 2);
		text[510 - prefix] = 'x';
	}
}
END_TEST

/* Writes the expected output: text without its newlines, with "?" for octets
 * that are not printable.  Returns its length. */
static size_t
expected_text(struct mailin_span text, char *expected)
{
	size_t i, len = 0;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] != '\n')
			expected[len++] = text.ptr[i] >= 32 &&
				text.ptr[i] <= 126 ?
			    text.ptr[i] :
			    '?';
	return len;
}

static size_t
texts_of(struct mailin_span reply, size_t prefix, char *text)
{
	size_t len = 0, at = 0, end;

	for (; at < reply.len; at = end + 2) {
		end = (size_t)((const char *)memchr(reply.ptr + at, '\r',
				   reply.len - at) -
		    reply.ptr);
		memcpy(text + len, reply.ptr + at + prefix, end - at - prefix);
		len += end - at - prefix;
	}
	return len;
}

static void
check_hostile(char *text, size_t len, bool whole)
{
	static const char *const enhanced[] = { "", "5.1.1", "5.123.456" };
	const char *chosen = enhanced[suite_random(3)];
	size_t prefix = strlen(chosen) > 0 ? 5 + strlen(chosen) : 4;
	static char expected[REPLY_ROOM], got[REPLY_ROOM];
	struct mailin_span reply = { out,
		mailin_reply_encode(550, chosen,
		    (struct mailin_span){ text, len }, out) };
	size_t expected_len, got_len;

	if (reply.len > REPLY_ROOM || replies_first(reply) != reply.len)
		ck_abort_msg("%s gives %s",
		    suite_quote((struct mailin_span){ text, len }),
		    suite_quote(reply));
	expected_len = expected_text((struct mailin_span){ text, len },
	    expected);
	got_len = texts_of(reply, prefix, got);
	if (got_len > expected_len || (whole && got_len != expected_len) ||
	    memcmp(got, expected, got_len) != 0)
		ck_abort_msg("%s gives %s",
		    suite_quote((struct mailin_span){ text, len }),
		    suite_quote(reply));
}

/* A reply has the right form, whatever its text is (property 40). */
START_TEST(no_text_breaks_out_of_its_reply)
{
	static const char some[] = "\n\r\0 -250x\x80";
	char text[REPLY_TEXT];
	int turn, turns = suite_quick() ? 500 : 20000;
	size_t i, len;

	for (turn = 0; turn < turns; turn++) {
		len = suite_random(turn % 2 ? 64 : REPLY_TEXT);
		for (i = 0; i < len; i++)
			text[i] = turn % 3 ?
			    (char)suite_random(256) :
			    some[suite_random(sizeof some - 1)];
		check_hostile(text, len, len < 256);
	}
	/* Try each octet at each place of a text of two words, which have eight
	 * octets each. */
	for (i = 0; i < 256 * 16; i++) {
		memset(text, 'x', 16);
		text[i % 16] = (char)(i / 16);
		check_hostile(text, 16, true);
	}
	for (i = 0; i < REPLY_TEXT; i++) {
		memset(text, '\n', i);
		check_hostile(text, i, i < 256);
		memset(text, 'x', i);
		check_hostile(text, i, true);
	}
}
END_TEST

/* ---- Enhanced codes, RFC 3463 2 ------------------------------------------ */

struct enhanced_row {
	const char *enhanced;
	int code;
};

/* clang-format off */
static const struct enhanced_row valid[] = {
	{ "2.0.0", 250 }, { "2.1.5", 299 }, { "4.2.2", 452 },
	{ "5.1.1", 550 }, { "5.999.999", 500 }, { "5.10.100", 554 },
	{ "4.0.1", 400 },
};
/* clang-format on */

/* The class must be that of the reply.  Subject and detail are numbers of up to
 * three digits without leading zeros. */
/* clang-format off */
static const struct enhanced_row invalid[] = {
	{ "", 250 }, { "2", 250 }, { "2.", 250 }, { "2.0", 250 },
	{ "2.0.", 250 }, { "2..0", 250 }, { ".0.0", 250 }, { "2.0.0.", 250 },
	{ "2.0.0.0", 250 }, { "2.0.0 ", 250 }, { " 2.0.0", 250 },
	{ "2.0.0\r\n", 250 }, { "2.0.0\n", 250 }, { "2.0000.0", 250 },
	{ "2.0.1000", 250 }, { "2.01.0", 250 }, { "2.0.00", 250 },
	{ "2.a.0", 250 }, { "2.0.a", 250 }, { "2.-1.0", 250 },
	{ "2,0,0", 250 }, { "20.0.0", 250 }, { "x.0.0", 250 },
	{ "5.0.0", 250 }, { "4.0.0", 550 }, { "2.0.0", 550 },
	{ "5.0.0", 450 }, { "3.0.0", 354 }, { "1.0.0", 199 },
	{ "2.\xb9.0", 250 }, { "2.0.0\xff", 250 },
};
/* clang-format on */

START_TEST(an_enhanced_code_is_one_of_the_same_class)
{
	size_t i;

	for (i = 0; i < ROWS(valid); i++)
		ck_assert_msg(
		    mailin_enhanced_valid(valid[i].enhanced, valid[i].code),
		    "%s with %d", valid[i].enhanced, valid[i].code);
	for (i = 0; i < ROWS(invalid); i++)
		ck_assert_msg(!mailin_enhanced_valid(invalid[i].enhanced,
				  invalid[i].code),
		    "%s with %d",
		    suite_quote(mailin_span_of(invalid[i].enhanced)),
		    invalid[i].code);
}
END_TEST

/* A reply whose enhanced code is invalid never becomes a reply of a better
 * class. */
START_TEST(a_reply_that_cannot_be_given_keeps_its_class)
{
	int code;

	for (code = -1000; code < 10000; code++) {
		enum mailin_reply reply = mailin_reply_of_class(code);
		enum mailin_reply right = code >= 200 && code < 400 ?
		    MAILIN_REPLY_OK :
		    code >= 500 && code < 600 ? MAILIN_REPLY_FAILED :
						MAILIN_REPLY_INTERNAL_ERROR;

		if (reply != right)
			ck_abort_msg("%d gives %d", code, reply);
	}
}
END_TEST

START_TEST(every_standard_reply_fits_the_room_reserved_for_it)
{
	int i;

	for (i = 0; i < MAILIN_REPLY_COUNT; i++) {
		enum mailin_reply reply = (enum mailin_reply)i;
		size_t len;

		if (mailin_reply_code(reply) == 0)
			continue;
		len = mailin_reply_encode(mailin_reply_code(reply),
		    mailin_reply_enhanced(reply),
		    mailin_span_of(mailin_reply_text(reply)), out);
		ck_assert_msg(len <= REPLY_STANDARD_ROOM &&
			replies_first((struct mailin_span){ out, len }) == len,
		    "%s", mailin_reply_text(reply));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_reply_is_lines_of_one_code,
		a_text_may_end_in_a_newline,
		a_line_over_512_octets_is_folded,
		no_text_breaks_out_of_its_reply,
		an_enhanced_code_is_one_of_the_same_class,
		a_reply_that_cannot_be_given_keeps_its_class,
		every_standard_reply_fits_the_room_reserved_for_it,
	};

	return suite_run("encode", tests, ROWS(tests));
}
