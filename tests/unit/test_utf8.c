/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Compares src/octet/utf8.c with a decoder without tables (property 35). */
#include "support/oracle.h"
#include "support/suite.h"

static bool
is_utf8(const char *p, size_t len)
{
	size_t used;

	for (; len > 0; p += used, len -= used)
		if ((used = oracle_utf8_sequence(p, len)) == 0)
			return false;
	return true;
}

static void
compare(const char *p, size_t len)
{
	struct mailin_span text = { p, len };

	if (mailin_utf8_valid(text) != is_utf8(p, len))
		ck_abort_msg("%s", suite_quote(text));
}

START_TEST(utf8_agrees_with_a_second_decoder_up_to_three_octets)
{
	unsigned step = suite_quick() ? 37 : 1;
	uint32_t value;

	compare("", 0);
	for (value = 0; value < 1u << 24; value += step) {
		char p[3] = { (char)(value >> 16), (char)(value >> 8),
			(char)value };

		compare(p, 3);
		if (p[2] == 0)
			compare(p, 2);
		if (p[1] == 0 && p[2] == 0)
			compare(p, 1);
	}
}
END_TEST

/* Try every first and second octet.  As the third and fourth octet, try only
 * those at the bounds of ranges. */
START_TEST(utf8_agrees_with_a_second_decoder_at_four_octets)
{
	static const char bounds[] =
	    "\x41\x7f\x80\x81\x8f\x90\x9f\xa0\xbe\xbf\xc0\xc2\xed\xf4\xff";
	unsigned step = suite_quick() ? 7 : 1, pair;
	size_t i, j;

	for (pair = 0; pair < 0x10000; pair += step)
		for (i = 0; i < sizeof bounds; i++)
			for (j = 0; j < sizeof bounds; j++) {
				char p[4] = { (char)(pair >> 8), (char)pair,
					bounds[i], bounds[j] };

				compare(p, 4);
			}
}
END_TEST

static const struct mailin_span accepted[] = {
	TEXT(""),
	{ NULL, 0 },
	TEXT("\0"),
	TEXT("ascii \x7f"),
	TEXT("\xc2\x80"),
	TEXT("\xdf\xbf"),
	TEXT("\xe0\xa0\x80"),
	TEXT("\xed\x9f\xbf"),
	TEXT("\xee\x80\x80"),
	TEXT("\xef\xbf\xbf"),
	TEXT("\xf0\x90\x80\x80"),
	TEXT("\xf4\x8f\xbf\xbf"),
	TEXT("jos\xc3\xa9@ex\xc3\xa4mple"),
};

/* UTF-8 that is truncated, overlong, a surrogate or beyond U+10FFFF
 * (threat V31). */
static const struct mailin_span refused[] = {
	TEXT("\x80"),
	TEXT("a\xbf"),
	TEXT("\xc3"),
	TEXT("\xc3>"),
	TEXT("\xc0\x8d"),
	TEXT("\xc0\xaf"),
	TEXT("\xc1\xbf"),
	TEXT("\xc3\xc3\xa9"),
	TEXT("\xe0\x9f\xbf"),
	TEXT("\xe2\x82"),
	TEXT("\xed\xa0\x80"),
	TEXT("\xed\xbf\xbf"),
	TEXT("\xf0\x8f\xbf\xbf"),
	TEXT("\xf0\x9f\x98"),
	TEXT("\xf4\x90\x80\x80"),
	TEXT("\xf5\x80\x80\x80"),
	TEXT("\xf8\x88\x80\x80\x80"),
	TEXT("\xfe"),
	TEXT("\xff"),
	TEXT("ok\xc3\xa9\xa9"),
};

START_TEST(utf8_accepts_well_formed_text)
{
	size_t i;

	for (i = 0; i < ROWS(accepted); i++)
		ck_assert_msg(mailin_utf8_valid(suite_edge(accepted[i])), "%s",
		    suite_quote(accepted[i]));
}
END_TEST

/* UTF-8 that is truncated or malformed is refused (threat V31). */
START_TEST(utf8_refuses_text_that_is_not_well_formed)
{
	size_t i;

	for (i = 0; i < ROWS(refused); i++)
		ck_assert_msg(!mailin_utf8_valid(suite_edge(refused[i])), "%s",
		    suite_quote(refused[i]));
}
END_TEST

/* A truncated sequence is never read beyond its end. */
START_TEST(utf8_refuses_each_sequence_cut_short)
{
	static const struct mailin_span whole[] = { TEXT("\xc3\xa9"),
		TEXT("\xe2\x82\xac"), TEXT("\xf0\x9f\x98\x80") };
	size_t i;

	for (i = 0; i < ROWS(whole); i++) {
		struct mailin_span part = whole[i];

		while (--part.len > 0)
			ck_assert(!mailin_utf8_valid(suite_edge(part)));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		utf8_agrees_with_a_second_decoder_up_to_three_octets,
		utf8_agrees_with_a_second_decoder_at_four_octets,
		utf8_accepts_well_formed_text,
		utf8_refuses_text_that_is_not_well_formed,
		utf8_refuses_each_sequence_cut_short,
	};

	return suite_run("utf8", tests, ROWS(tests));
}
