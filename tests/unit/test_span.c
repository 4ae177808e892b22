/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Spans, and the texts of errors and replies: src/octet/span.c, error.c,
 * src/reply/reply.c. */
#include <stdio.h>
#include <string.h>

#include "support/suite.h"

struct pair {
	struct mailin_span span;
	const char *text;
};

static const struct pair alike[] = {
	{ TEXT(""), "" },
	{ { NULL, 0 }, "" },
	{ TEXT("a"), "a" },
	{ TEXT("MAIL"), "MAIL" },
	{ TEXT("\xc3\xa9"), "\xc3\xa9" },
	{ TEXT("\xff@["), "\xff@[" },
};

static const struct pair alike_but_for_case[] = {
	{ TEXT("mail"), "MAIL" },
	{ TEXT("MaIl"), "mAiL" },
	{ TEXT("az"), "AZ" },
	{ TEXT("x-1_Z"), "X-1_z" },
};

static const struct pair different[] = {
	{ TEXT(""), "a" },
	{ { NULL, 0 }, "a" },
	{ TEXT("a"), "" },
	{ TEXT("a"), "b" },
	{ TEXT("MAIL"), "MAI" },
	{ TEXT("MAI"), "MAIL" },
	{ TEXT("a\0"), "a" },
	{ TEXT("a\0b"), "a" },
	{ TEXT("\0"), "" },
	/* Neighbours of the letters, and octets that are letters only in a
	 * locale. */
	{ TEXT("@"), "`" },
	{ TEXT("["), "{" },
	{ TEXT("^"), "~" },
	{ TEXT("\xc9"), "\xe9" },
	{ TEXT("\xc3\x89"), "\xc3\xa9" },
	/* U+212A, which Unicode case folding maps to k */
	{ TEXT("\xe2\x84\xaa"), "k" },
};

static void
compare(const struct pair *rows, size_t count, bool equal, bool iequal)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct mailin_span span = suite_edge(rows[i].span);

		ck_assert_msg(mailin_span_equal(span, rows[i].text) == equal &&
			mailin_span_iequal(span, rows[i].text) == iequal,
		    "%s and %s", suite_quote(span), rows[i].text);
	}
}

START_TEST(span_compares_octets)
{
	compare(alike, ROWS(alike), true, true);
	compare(different, ROWS(different), false, false);
}
END_TEST

START_TEST(span_ignores_the_case_of_ascii_letters_alone)
{
	unsigned a, b;

	compare(alike_but_for_case, ROWS(alike_but_for_case), false, true);
	for (a = 0; a < 256; a++)
		for (b = 1; b < 256; b++) {
			char octet = (char)a, text[2] = { (char)b, '\0' };
			bool pair = (a ^ b) == 0x20 && (a | 0x20) >= 'a' &&
			    (a | 0x20) <= 'z';
			struct mailin_span span = { &octet, 1 };

			if (mailin_span_iequal(span, text) != (a == b || pair))
				ck_abort_msg("%02x and %02x", a, b);
		}
}
END_TEST

START_TEST(span_of_a_text_ends_before_its_nul)
{
	const char *text = "EHLO";
	struct mailin_span span = mailin_span_of(text);

	ck_assert_ptr_eq(span.ptr, text);
	ck_assert_uint_eq(span.len, 4);
	ck_assert_uint_eq(mailin_span_of("").len, 0);
	ck_assert_ptr_null(mailin_span_of(NULL).ptr);
	ck_assert_uint_eq(mailin_span_of(NULL).len, 0);
}
END_TEST

START_TEST(every_error_has_a_text)
{
	int i, j;

	for (i = MAILIN_OK; i <= MAILIN_ERROR_UNOFFERED; i++) {
		const char *text = mailin_error_text((enum mailin_error)i);

		ck_assert_str_ne(text, "");
		ck_assert_uint_eq(strspn(text, "abcdefghijklmnopqrstuvwxyz -"),
		    strlen(text));
		for (j = MAILIN_OK; j < i; j++)
			ck_assert_str_ne(text,
			    mailin_error_text((enum mailin_error)j));
	}
	ck_assert_str_eq(mailin_error_text((enum mailin_error)i), "?");
	ck_assert_str_eq(mailin_error_text((enum mailin_error) - 1), "?");
}
END_TEST

static bool
is_shown_on_a_line(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

/* The class of the enhanced code is that of the code (property 42; RFC 5321
 * 4.2, RFC 3463 2). */
START_TEST(every_standard_reply_agrees_with_its_enhanced_code)
{
	int i;

	for (i = MAILIN_REPLY_CUSTOM + 1; i < MAILIN_REPLY_COUNT; i++) {
		enum mailin_reply reply = (enum mailin_reply)i;
		int code = mailin_reply_code(reply);
		const char *enhanced = mailin_reply_enhanced(reply);
		const char *text = mailin_reply_text(reply);

		ck_assert_msg(code >= 200 && code < 560, "reply %d", i);
		ck_assert_msg(code / 100 == 3 || i == MAILIN_REPLY_GREETING ?
			*enhanced == '\0' :
			*enhanced - '0' == code / 100 &&
			    strlen(enhanced) >= 5 && strlen(enhanced) <= 6,
		    "reply %d: %d %s", i, code, enhanced);
		ck_assert_msg(is_shown_on_a_line(text) && strlen(text) < 80,
		    "reply %d: %s", i, text);
	}
}
END_TEST

START_TEST(a_number_of_no_standard_reply_has_no_code)
{
	static const int none[] = { MAILIN_REPLY_OK, MAILIN_REPLY_PENDING,
		MAILIN_REPLY_CUSTOM, MAILIN_REPLY_COUNT, -1, 0x7fffffff };
	size_t i;

	for (i = 0; i < ROWS(none); i++) {
		enum mailin_reply reply = (enum mailin_reply)none[i];

		ck_assert_int_eq(mailin_reply_code(reply), 0);
		ck_assert_str_eq(mailin_reply_enhanced(reply), "");
		ck_assert_str_eq(mailin_reply_text(reply), "?");
	}
}
END_TEST

START_TEST(the_library_is_that_of_these_headers)
{
	char text[32];

	ck_assert_str_eq(mailin_version(), MAILIN_VERSION);
	ck_assert_uint_eq(mailin_version_number(), MAILIN_VERSION_NUMBER);
	sprintf(text, "%d.%d.%d", MAILIN_VERSION_MAJOR, MAILIN_VERSION_MINOR,
	    MAILIN_VERSION_PATCH);
	ck_assert_str_eq(text, MAILIN_VERSION);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		span_compares_octets,
		span_ignores_the_case_of_ascii_letters_alone,
		span_of_a_text_ends_before_its_nul,
		every_error_has_a_text,
		every_standard_reply_agrees_with_its_enhanced_code,
		a_number_of_no_standard_reply_has_no_code,
		the_library_is_that_of_these_headers,
	};

	return suite_run("span", tests, ROWS(tests));
}
