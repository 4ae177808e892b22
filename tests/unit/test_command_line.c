/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the end of a command line, its octets, and its length. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "support/rows.h"

#define ARGUMENT MAILIN_REPLY_BAD_ARGUMENT
#define BAD_LINE MAILIN_REPLY_BAD_LINE
#define NO_VERB  MAILIN_REPLY_UNKNOWN_VERB

/* Only CR LF ends a line (RFC 5321 2.3.8; threats V30 and V1). */
/* clang-format off */
static const struct refused_command rows[] = {
	{ TEXT("NOOP\r"),
	       "     ^", BAD_LINE },
	{ TEXT("NOOP\n"),
	       "    ^", BAD_LINE },
	{ TEXT("NOOP\0"),
	       "    ^", BAD_LINE },
	{ TEXT("\r"),
	       "^", BAD_LINE },
	{ TEXT("\n"),
	       "^", BAD_LINE },
	{ TEXT("\0"),
	       "^", BAD_LINE },
	{ TEXT("NO\0OP"),
	       "  ^", BAD_LINE },
	{ TEXT("NOOP\rQUIT"),
	       "     ^", BAD_LINE },
	{ TEXT("NOOP\nQUIT"),
	       "    ^", BAD_LINE },
	{ TEXT("NOOP a\rb"),
	       "       ^", BAD_LINE },
	{ TEXT("NOOP \n\r"),
	       "     ^", BAD_LINE },
	{ TEXT("MAIL FROM:<a@b\0>"),
	       "              ^", BAD_LINE },
	{ TEXT("MAIL FROM:<a@b>\nRCPT TO:<c@d>"),
	       "               ^", BAD_LINE },
	{ TEXT("MAIL FROM:<a@b> SIZE=1\r SIZE=1"),
	       "                       ^", BAD_LINE },
	{ TEXT("DATA\n.\nMAIL FROM:<x@y>"),
	       "    ^", BAD_LINE },
	{ TEXT("AUTH PLAIN AAAA\n"),
	       "               ^", BAD_LINE },
	/* Here the first wrong octet comes before the malformed line end. */
	{ TEXT("FOO \n"),
	       "^", BAD_LINE },
	{ TEXT("MAIL FROM:<a@@b>\0"),
	       "             ^", BAD_LINE },
	/* Control characters other than CR, LF and NUL get the same errors as
	 * other wrong octets. */
	{ TEXT("NOOP\v"),
	       "    ^", NO_VERB },
	{ TEXT("NOOP a\x1b[2J"),
	       "      ^", ARGUMENT },
	{ TEXT("VRFY a\x7f"),
	       "      ^", ARGUMENT },
};
/* clang-format on */

START_TEST(line_ends_at_cr_lf_and_nothing_else)
{
	rows_refuse_commands(STRICT, rows, ROWS(rows));
	rows_refuse_commands(RELAXED, rows, ROWS(rows));
}
END_TEST

START_TEST(line_that_is_not_there_is_incomplete)
{
	struct mailin_command command;

	ck_assert_uint_eq(mailin_command_parse(&command, NULL, 0), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "NOOP\r\n", 0), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "NOOP\n", 5), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "NOOP\r", 5), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "NOOP\n\r", 6), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "\r", 1), 0);
	ck_assert_uint_eq(mailin_command_parse(&command, "x\r\r\r", 4), 0);
}
END_TEST

static const struct mailin_span lines[] = {
	TEXT("EHLO [IPv6:2001:db8::1]"),
	TEXT("MAIL FROM:<\"john smith\"@a.b> SIZE=1 BODY=8BITMIME AUTH=a@b"),
	TEXT("RCPT TO:<@a,@b:c@[192.0.2.1]> NOTIFY=DELAY "
	     "ORCPT=utf-8;jos\xc3\xa9@x RRVS=2014-04-03T23:01:00Z;C"),
	TEXT("RCPT TO:<Postmaster>"),
	TEXT("VRFY jos\xc3\xa9 SMTPUTF8"),
	TEXT("BDAT 86 LAST"),
	TEXT("AUTH PLAIN AGFsaWNlAHNlY3JldA=="),
	TEXT("ETRN #q"),
	TEXT("STARTTLS"),
};

/* Returns a copy of the text with one octet inserted.  The copy is valid until
 * the next call. */
static struct mailin_span
with(struct mailin_span text, size_t place, char octet)
{
	static char copy[256];

	memcpy(copy, text.ptr, place);
	copy[place] = octet;
	memcpy(copy + place + 1, text.ptr + place, text.len - place);
	return suite_line((struct mailin_span){ copy, text.len + 1 });
}

/* Returns true if RELAXED allows a tab at this place: beside a blank, before
 * the path, or at either end inside the brackets of the path. */
static bool
may_be_tab(struct mailin_span text, size_t place)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < place; i++)
		quoted ^= text.ptr[i] == '"';
	if (quoted || (text.ptr[0] == 'V' && place > sizeof "VRFY"))
		return false;
	return text.ptr[place] == ' ' || text.ptr[place - 1] == ' ' ||
	    text.ptr[place] == '>' || text.ptr[place - 1] == '<' ||
	    text.ptr[place] == '<';
}

/* A valid line with one control character inserted is invalid, except for a
 * HTAB where it is allowed (threats V23 and V30).  CR, LF and NUL give
 * BAD_LINE, other octets another error.  A CR may be the first octet of a line
 * end, so the first wrong octet may be the one after it. */
static void
check_with_control(enum mailin_syntax syntax, struct mailin_span text,
    size_t place, char octet)
{
	struct mailin_span line = with(text, place, octet);
	bool stray = octet == '\r' || octet == '\n' || octet == '\0';
	bool good = octet == '\t' &&
	    (place == text.len ||
		(place > 0 && syntax == RELAXED && may_be_tab(text, place)));
	struct mailin_command command;
	size_t used = mailin_command_parse_as(&command, syntax, line.ptr,
	    line.len);

	if (used != line.len || (command.error == MAILIN_REPLY_OK) != good ||
	    (command.error == BAD_LINE) != stray ||
	    (!good && octet != '\t' &&
		command.error_at > place + (octet == '\r')))
		ck_abort_msg("%s: reply %d at %zu", suite_quote(line),
		    mailin_reply_code(command.error), command.error_at);
}

START_TEST(line_with_a_control_at_any_place_is_refused)
{
	size_t i, place;
	int c;

	for (i = 0; i < ROWS(lines); i++)
		for (place = 0; place <= lines[i].len; place++)
			for (c = 0; c < 0x80; c = c == 0x1f ? 0x7f : c + 1) {
				check_with_control(STRICT, lines[i], place,
				    (char)c);
				check_with_control(RELAXED, lines[i], place,
				    (char)c);
			}
}
END_TEST

/* A valid line with invalid UTF-8 inserted anywhere is invalid (threat V31). */
START_TEST(line_with_broken_utf8_at_any_place_is_refused)
{
	static const char octets[] = "\x80\xbf\xc0\xc1\xed\xf5\xff";
	size_t i, j, place;

	for (i = 0; i < ROWS(lines); i++)
		for (place = 0; place <= lines[i].len; place++)
			for (j = 0; octets[j] != '\0'; j++) {
				struct mailin_span line = with(lines[i], place,
				    octets[j]);
				struct mailin_command command;

				mailin_command_parse(&command, line.ptr,
				    line.len);
				if (command.error == MAILIN_REPLY_OK)
					ck_abort_msg("%s", suite_quote(line));
			}
}
END_TEST

START_TEST(lines_are_taken_one_by_one)
{
	static const char stream[] =
	    "EHLO x\r\nMAIL FROM:<>\r\n\r\nFOO\nBAR\r\nQUIT\r\nNOO";
	static const size_t expected[] = { 8, 14, 2, 9, 6, 0 };
	struct mailin_command command;
	const char *p = stream;
	size_t i;

	for (i = 0; i < ROWS(expected); i++) {
		size_t left = (size_t)(stream + sizeof stream - 1 - p);

		ck_assert_uint_eq(mailin_command_parse(&command, p, left),
		    expected[i]);
		p += expected[i];
	}
}
END_TEST

/* ---- Length and time ----------------------------------------------------- */

/* Lines that a slow parser would read for a long time.  Each line is a
 * beginning, and then a text that is repeated. */
static const struct {
	const char *begin, *again;
} attacks[] = {
	{ "NOOP ", "a" },
	{ "NOOP ", "a " },
	{ "EHLO ", "a." },
	{ "EHLO [IPv6:", ":" },
	{ "MAIL FROM:<\"", "\\\"" },
	{ "MAIL FROM:<", "@a," },
	{ "MAIL FROM:<@a", ",@a" },
	{ "MAIL FROM:<a@", "a-" },
	{ "MAIL FROM:<a@[x:", "y" },
	{ "MAIL FROM:<", "(" },
	{ "MAIL FROM:<> AUTH=", "+2B" },
	{ "MAIL FROM:<> AUTH=a@b", " AUTH=a@b" },
	{ "MAIL FROM:<> ENVID=", "+2B" },
	{ "MAIL FROM:<>", " A=b" },
	{ "MAIL FROM:<> X=", "\xc3\xa9" },
	{ "RCPT TO:<a@b> NOTIFY=DELAY", ",DELAY" },
	{ "RCPT TO:<a@b> ORCPT=utf-8;", "\\x{E9}" },
	{ "AUTH PLAIN ", "AAAA" },
	{ "BDAT ", "0" },
	{ "VRFY a", " SMTPUTF8" },
	{ "", "\r" },
	{ "", "\n" },
	{ "DATA", " \t" },
	{ "X", "\r\r" },
};

/* A long line is one command.  Its rest is never run as another command (threat
 * V22). */
START_TEST(line_of_a_mebibyte_is_one_command)
{
	static char text[1 << 20];
	size_t i, len;

	for (i = 0; i < ROWS(attacks); i++) {
		struct mailin_span line;
		struct mailin_command command;
		size_t again = strlen(attacks[i].again);

		len = strlen(attacks[i].begin);
		memcpy(text, attacks[i].begin, len);
		for (; len + again <= sizeof text; len += again)
			memcpy(text + len, attacks[i].again, again);
		line = suite_line((struct mailin_span){ text, len });
		ck_assert_uint_eq(
		    mailin_command_parse(&command, line.ptr, line.len - 2), 0);
		ck_assert_uint_eq(
		    mailin_command_parse(&command, line.ptr, line.len),
		    line.len);
		if (command.error != MAILIN_REPLY_OK)
			ck_assert_uint_lt(command.error_at, line.len);
	}
}
END_TEST

static double
seconds_for(const char *begin, const char *again, size_t len)
{
	static char text[1 << 20];
	size_t at = strlen(begin), step = strlen(again);
	struct mailin_command command;
	struct timespec from, to;

	memcpy(text, begin, at);
	for (; at + step <= len - 2; at += step)
		memcpy(text + at, again, step);
	memcpy(text + at, "\r\n", 2);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	mailin_command_parse_as(&command, RELAXED, text, at + 2);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* If a line is 32 times as long, parsing may take about 32 times as long
 * (threat V49); a quadratic parser would need 1000 times as long.  The shortest
 * of three measurements counts, because other programs disturb them. */
START_TEST(line_takes_time_in_proportion_to_its_length)
{
	size_t i;

	for (i = 0; i < ROWS(attacks); i++) {
		double few = 1, many = 1;
		int turn;

		for (turn = suite_quick() ? 2 : 0; turn < 3; turn++) {
			double t = seconds_for(attacks[i].begin,
			    attacks[i].again, 1 << 15);

			few = t < few ? t : few;
			t = seconds_for(attacks[i].begin, attacks[i].again,
			    1 << 20);
			many = t < many ? t : many;
		}
		ck_assert_msg(many < 250 * few + 1e-3, "%s%s: %g s, %g s",
		    attacks[i].begin, attacks[i].again, few, many);
	}
}
END_TEST

/* Map one chunk of memory many times in a row.  The first and the last copy are
 * private; all others are the same memory. */
static char *
map_repeated(size_t chunk, size_t count)
{
	FILE *file = tmpfile();
	char *base = mmap(NULL, chunk * count, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t i;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(ftruncate(fileno(file), (off_t)chunk), 0);
	ck_assert_ptr_ne(base, MAP_FAILED);
	for (i = 0; i < count; i++)
		ck_assert_ptr_ne(
		    mmap(base + i * chunk, chunk, PROT_READ | PROT_WRITE,
			MAP_FIXED |
			    (i == 0 || i == count - 1 ? MAP_PRIVATE :
							MAP_SHARED),
			fileno(file), 0),
		    MAP_FAILED);
	fclose(file);
	return base;
}

/* No length is truncated to 31 or 32 bits (threat V21). */
START_TEST(line_beyond_four_gibibytes_has_its_length_right)
{
	size_t chunk = (size_t)16 << 20, count = 257, len = chunk * count, i;
	struct mailin_command command;
	char *line;

	if (sizeof(size_t) < 8 || suite_quick())
		return;
	line = map_repeated(chunk, count);
	for (i = 0; i < count; i += i == 1 ? count - 2 : 1)
		memset(line + i * chunk, 'a', chunk);
	memcpy(line, "FOO ", 4);
	memcpy(line + len - 2, "\r\n", 2);
	ck_assert_uint_eq(mailin_command_parse(&command, line, len), len);
	ck_assert_int_eq(command.error, NO_VERB);
	ck_assert_uint_eq(command.unknown.text.len, len - 5);
	munmap(line, len);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		line_ends_at_cr_lf_and_nothing_else,
		line_that_is_not_there_is_incomplete,
		line_with_a_control_at_any_place_is_refused,
		line_with_broken_utf8_at_any_place_is_refused,
		lines_are_taken_one_by_one,
		line_of_a_mebibyte_is_one_command,
		line_takes_time_in_proportion_to_its_length,
		line_beyond_four_gibibytes_has_its_length_right,
	};

	return suite_run("command_line", tests, ROWS(tests));
}
