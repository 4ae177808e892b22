/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Removing the quotes of a local part, and adding them:
 * src/command/address.c. */
#include <string.h>

#include "support/oracle.h"
#include "support/suite.h"

static struct mailin_path
parsed(const char *mailbox)
{
	struct mailin_path path;

	ck_assert_msg(mailin_mailbox_parse(&path, STRICT,
			  mailin_span_of(mailbox), NULL) == MAILIN_OK,
	    "%s", mailbox);
	return path;
}

static const struct {
	const char *mailbox, *raw, *local;
} rows[] = {
	{ "bob@x", "bob", "bob" },
	{ "a.b+c@x", "a.b+c", "a.b+c" },
	{ "\"john smith\"@x", "\"john smith\"", "john smith" },
	{ "\"\"@x", "\"\"", "" },
	{ "\"a@b\"@c", "\"a@b\"", "a@b" },
	{ "\"a\\\"b\\\\c\"@x", "\"a\\\"b\\\\c\"", "a\"b\\c" },
	{ "\"\\a\\b\"@x", "\"\\a\\b\"", "ab" },
	{ "\"bob\"@x", "\"bob\"", "bob" },
	{ "\"\\\\\"@x", "\"\\\\\"", "\\" },
	{ "jos\xc3\xa9@x", "jos\xc3\xa9", "jos\xc3\xa9" },
};

/* The parsed path has the local part as it was sent; a separate function
 * removes its quotes (threat V27).  An "@" inside quotes does not split the
 * address. */
START_TEST(local_part_is_given_raw_and_without_its_quoting)
{
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		struct mailin_path path = parsed(rows[i].mailbox);
		char out[64];
		struct mailin_span local = { out, 0 };

		local.len = mailin_local_part_unquote(&path, out);
		ck_assert_msg(mailin_span_equal(path.local, rows[i].raw), "%s",
		    rows[i].mailbox);
		ck_assert_msg(mailin_span_equal(local, rows[i].local), "%s: %s",
		    rows[i].mailbox, suite_quote(local));
		ck_assert_uint_le(local.len, path.local.len);
	}
}
END_TEST

START_TEST(local_part_of_a_null_path_is_empty)
{
	struct mailin_path path;
	char out[1];

	ck_assert_uint_eq(mailin_path_parse(&path, STRICT, SPAN("<>"), NULL),
	    MAILIN_OK);
	ck_assert_uint_eq(mailin_local_part_unquote(&path, out), 0);
	ck_assert(mailin_path_local_equal(&path, ""));
	ck_assert(!mailin_path_local_equal(&path, "a"));
}
END_TEST

START_TEST(local_part_equals_text_without_its_quoting)
{
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		struct mailin_path path = parsed(rows[i].mailbox);
		char other[64];
		size_t len = strlen(rows[i].local);

		ck_assert_msg(mailin_path_local_equal(&path, rows[i].local),
		    "%s", rows[i].mailbox);
		memcpy(other, rows[i].local, len + 1);
		other[len] = 'x';
		other[len + 1] = '\0';
		ck_assert(!mailin_path_local_equal(&path, other));
		if (len > 0) {
			other[len - 1] = '\0';
			ck_assert(!mailin_path_local_equal(&path, other));
		}
	}
}
END_TEST

/* RFC 5321 2.4: local parts are case-sensitive. */
START_TEST(local_part_has_case)
{
	struct mailin_path path = parsed("Bob@x");

	ck_assert(mailin_path_local_equal(&path, "Bob"));
	ck_assert(!mailin_path_local_equal(&path, "bob"));
}
END_TEST

/* Unquoting reverses quoting, and parsing reverses printing (property 31).
 * Quotes are added only where RFC 5321 requires them. */
static void
check_round_trip(struct mailin_span local)
{
	char mailbox[256], back[256];
	size_t len = mailin_local_part_quote(local, mailbox), back_len;
	struct mailin_path path;

	if (len < local.len || len > 2 * local.len + 2)
		ck_abort_msg("%s: %zu octets", suite_quote(local), len);
	memcpy(mailbox + len, "@x", 2);
	if (mailin_mailbox_parse(&path, RELAXED,
		(struct mailin_span){ mailbox, len + 2 }, NULL) != MAILIN_OK ||
	    path.local.len != len)
		ck_abort_msg("%s: no mailbox", suite_quote(local));
	if (path.quoted == oracle_dot_string(local))
		ck_abort_msg("%s: quotes", suite_quote(local));
	back_len = mailin_local_part_unquote(&path, back);
	if (back_len != local.len ||
	    (back_len > 0 && memcmp(back, local.ptr, back_len) != 0))
		ck_abort_msg("%s: the result differs", suite_quote(local));
}

START_TEST(local_part_survives_a_round_trip)
{
	unsigned turns = suite_quick() ? 2000 : 100000, turn;
	char text[64];
	unsigned a, b;
	size_t i;

	check_round_trip((struct mailin_span){ NULL, 0 });
	for (a = 0x20; a < 0x7f; a++)
		for (b = 0x20; b < 0x7f; b++) {
			text[0] = (char)a;
			text[1] = (char)b;
			check_round_trip((struct mailin_span){ text, 1 });
			check_round_trip((struct mailin_span){ text, 2 });
		}
	for (turn = 0; turn < turns; turn++) {
		for (i = 0; i < sizeof text; i++)
			text[i] = (char)(0x20 + suite_random(0x5f));
		check_round_trip(
		    (struct mailin_span){ text, suite_random(sizeof text) });
	}
	for (i = 0; i < ROWS(rows); i++)
		check_round_trip(mailin_span_of(rows[i].local));
}
END_TEST

START_TEST(local_part_is_quoted_only_if_it_must_be)
{
	static const struct {
		const char *local, *written;
	} texts[] = {
		{ "bob", "bob" },
		{ "a.b", "a.b" },
		{ "jos\xc3\xa9", "jos\xc3\xa9" },
		{ "", "\"\"" },
		{ ".a", "\".a\"" },
		{ "a.", "\"a.\"" },
		{ "a..b", "\"a..b\"" },
		{ "a b", "\"a b\"" },
		{ "a@b", "\"a@b\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\xe2\x82\xac \xe2\x82\xac",
		    "\"\xe2\x82\xac \xe2\x82\xac\"" },
	};
	char out[64];
	size_t i;

	for (i = 0; i < ROWS(texts); i++) {
		struct mailin_span written = { out, 0 };

		written.len = mailin_local_part_quote(
		    mailin_span_of(texts[i].local), out);
		ck_assert_msg(mailin_span_equal(written, texts[i].written),
		    "%s: %s", texts[i].local, suite_quote(written));
	}
}
END_TEST

/* Control characters and malformed UTF-8 cannot be written as a local part
 * (threats V23 and V31). */
START_TEST(local_part_with_controls_or_broken_utf8_cannot_be_written)
{
	static const struct mailin_span none[] = { TEXT("a\0"), TEXT("\0"),
		TEXT("a\r"), TEXT("a\nb"), TEXT("\t"), TEXT("a\x1f"),
		TEXT("a\x7f"), TEXT("a \x7f"), TEXT("\xc3"), TEXT("\xff"),
		TEXT("a\xed\xa0\x80") };
	char out[64];
	size_t i;

	for (i = 0; i < ROWS(none); i++)
		ck_assert_msg(
		    mailin_local_part_quote(suite_edge(none[i]), out) == 0,
		    "%s", suite_quote(none[i]));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		local_part_is_given_raw_and_without_its_quoting,
		local_part_of_a_null_path_is_empty,
		local_part_equals_text_without_its_quoting,
		local_part_has_case,
		local_part_survives_a_round_trip,
		local_part_is_quoted_only_if_it_must_be,
		local_part_with_controls_or_broken_utf8_cannot_be_written,
	};

	return suite_run("local_part", tests, ROWS(tests));
}
