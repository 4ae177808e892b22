/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Numbers and dates in commands: src/command/scan.c. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/rows.h"

#define ALPHABET "0123456789+- x"
#define LETTERS  (sizeof ALPHABET - 1)

static struct mailin_command
parse(const char *line, size_t len)
{
	struct mailin_command command;

	if (mailin_command_parse(&command, line, len) != len)
		ck_abort_msg("%.*s: not read to its end", (int)len, line);
	return command;
}

/* ---- Numbers ------------------------------------------------------------- */

/* The properties of a text: a number with an optional sign, and white space
 * after it. */
struct number {
	bool plus, minus;
	size_t digits, zeros; /* leading zeros before other digits */
	uint64_t value;
	bool plain; /* the text has no other character */
};

static struct number
read_number(const char *p, size_t len)
{
	struct number number = { 0 };
	size_t i = 0;

	while (len > 0 && p[len - 1] == ' ')
		len--;
	number.plus = len > 0 && p[0] == '+';
	number.minus = len > 0 && p[0] == '-';
	i += number.plus || number.minus;
	while (i + number.zeros + 1 < len && p[i + number.zeros] == '0')
		number.zeros++;
	for (; i < len && p[i] >= '0' && p[i] <= '9'; i++) {
		number.value = number.value * 10 + (uint64_t)(p[i] - '0');
		number.digits++;
	}
	number.plain = i == len && number.digits > 0;
	return number;
}

/* A place in a command where a number may be: which numbers it allows, and how
 * to get the number from the command. */
struct place {
	const char *begin, *end;
	bool (*allows)(const struct number *);
	bool (*equals)(const struct mailin_command *, const struct number *);
};

static bool
allows_size(const struct number *n)
{
	return !n->plus && !n->minus && n->digits <= 20;
}

static bool
equals_size(const struct mailin_command *command, const struct number *n)
{
	return command->mail.size == n->value;
}

static bool
allows_chunk(const struct number *n)
{
	return !n->plus && !n->minus;
}

static bool
equals_chunk(const struct mailin_command *command, const struct number *n)
{
	return command->bdat.size == n->value;
}

static bool
allows_hold(const struct number *n)
{
	return !n->plus && !n->minus && n->zeros == 0 && n->value > 0;
}

static bool
equals_hold(const struct mailin_command *command, const struct number *n)
{
	return command->mail.hold_for == n->value;
}

static bool
allows_priority(const struct number *n)
{
	return !n->plus && n->digits == 1 && !(n->minus && n->value == 0);
}

static bool
equals_priority(const struct mailin_command *command, const struct number *n)
{
	return command->mail.mt_priority ==
	    (n->minus ? -(int)n->value : (int)n->value);
}

static bool
allows_by(const struct number *n)
{
	return n->digits <= 9;
}

static bool
equals_by(const struct mailin_command *command, const struct number *n)
{
	return command->mail.by_time ==
	    (n->minus ? -(int32_t)n->value : (int32_t)n->value);
}

static const struct place places[] = {
	{ "MAIL FROM:<> SIZE=", "", allows_size, equals_size },
	{ "BDAT ", "", allows_chunk, equals_chunk },
	{ "MAIL FROM:<> HOLDFOR=", "", allows_hold, equals_hold },
	{ "MAIL FROM:<> MT-PRIORITY=", "", allows_priority, equals_priority },
	{ "MAIL FROM:<> BY=", ";N", allows_by, equals_by },
};

static void
check_number(const struct place *place, const char *text, size_t text_len,
    char *line, size_t begin)
{
	size_t end = strlen(place->end), len = begin + text_len;
	struct number number = read_number(text, text_len);
	struct mailin_command command;
	bool allowed;

	memcpy(line + begin, text, text_len);
	memcpy(line + len, place->end, end);
	memcpy(line + len + end, "\r\n", 2);
	command = parse(line, len + end + 2);
	allowed = number.plain && place->allows(&number) &&
	    (end == 0 || text[text_len - 1] != ' ');
	if (allowed != (command.error == MAILIN_REPLY_OK) ||
	    (allowed && !place->equals(&command, &number)))
		ck_abort_msg("%.*s", (int)(len + end), line);
}

static void
check_numbers(const struct place *place, size_t most)
{
	char line[64], text[8];
	size_t begin = strlen(place->begin), len, i;

	memcpy(line, place->begin, begin);
	for (len = 0; len <= most; len++) {
		size_t count = 1, turn;

		for (i = 0; i < len; i++)
			count *= LETTERS;
		for (turn = 0; turn < count; turn++) {
			size_t digits = turn;

			for (i = 0; i < len; i++, digits /= LETTERS)
				text[i] = ALPHABET[digits % LETTERS];
			check_number(place, text, len, line, begin);
		}
	}
}

/* Try all texts of up to six characters (property 36). */
START_TEST(numbers_have_no_sign_blank_or_radix_unless_the_rfc_allows_it)
{
	size_t i;

	for (i = 0; i < ROWS(places); i++)
		check_numbers(&places[i], suite_quick() ? 3 : i < 2 ? 6 : 5);
}
END_TEST

/* Try numbers around each power of two (threats V11 and V36). */
START_TEST(numbers_are_exact_up_to_64_bits_and_saturate_or_are_refused)
{
	unsigned bits;
	int off;

	for (bits = 4; bits <= 64; bits++)
		for (off = -5; off < 5; off++) {
			uint64_t least = bits == 64 ? 0 : UINT64_C(1) << bits;
			uint64_t value = least + (uint64_t)off;
			bool fits = bits < 64 || off < 0;
			char line[64];
			struct mailin_command command;
			int len = fits ?
			    sprintf(line, "MAIL FROM:<> SIZE=%" PRIu64 "\r\n",
				value) :
			    sprintf(line,
				"MAIL FROM:<> SIZE="
				"1844674407370955%d\r\n",
				1616 + off);

			command = parse(line, (size_t)len);
			ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
			ck_assert_uint_eq(command.mail.size,
			    fits ? value : UINT64_MAX);
			ck_assert(command.mail.size_over == !fits);
			memmove(line + 5, line + 18, (size_t)len - 18);
			memcpy(line, "BDAT ", 5);
			command = parse(line, (size_t)len - 13);
			ck_assert_int_eq(command.error,
			    fits ? MAILIN_REPLY_OK : MAILIN_REPLY_BAD_ARGUMENT);
			ck_assert(!fits || command.bdat.size == value);
		}
}
END_TEST

/* ---- Dates --------------------------------------------------------------- */

/* Returns true for a valid date-time, and sets *seconds to its value.
 * Otherwise *seconds is the offset of the error. */
static bool
read_date(const char *date_time, int64_t *seconds)
{
	static const char begin[] = "RCPT TO:<a@b> RRVS=";
	char line[128];
	int len = sprintf(line, "%s%s\r\n", begin, date_time);
	struct mailin_command command = parse(line, (size_t)len);

	*seconds = command.error == MAILIN_REPLY_OK ?
	    command.rcpt.rrvs :
	    (int64_t)command.error_at - (int64_t)(sizeof begin - 1);
	return command.error == MAILIN_REPLY_OK;
}

static const struct {
	const char *text;
	int64_t seconds;
} dates[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "1970-01-01t01:00:00+01:00", 0 },
	{ "1969-12-31T18:30:00.999-05:30", 0 },
	{ "2000-02-29T12:00:00z", 951825600 },
	{ "2014-04-03T23:01:00Z", 1396566060 },
	{ "2016-12-31T23:59:60Z", 1483228800 },
	{ "2015-06-30T23:59:60.5-00:00", 1435708800 },
	{ "2017-01-01T05:29:60+05:30", 1483228800 },
	{ "2016-12-31T00:00:60-23:59", 1483228800 },
	{ "2024-02-29T15:59:60-08:00", 1709251200 },
	{ "2038-01-19T03:14:08-00:00", INT64_C(2147483648) },
	{ "1900-03-01T00:00:00Z", INT64_C(-2203891200) },
	{ "0000-01-01T00:00:00Z", INT64_C(-62167219200) },
	{ "9999-12-31T23:59:59.123456789Z", INT64_C(253402300799) },
};

static const struct {
	const char *text;
	int64_t error_at;
} no_dates[] = {
	{ "1900-02-29T00:00:00Z", 9 },
	{ "2023-02-29T00:00:00Z", 9 },
	{ "2024-02-30T00:00:00Z", 8 },
	{ "2024-04-31T00:00:00Z", 9 },
	{ "2024-12-32T00:00:00Z", 9 },
	{ "2024-13-01T00:00:00Z", 6 },
	{ "2024-00-01T00:00:00Z", 6 },
	{ "2024-01-00T00:00:00Z", 9 },
	{ "2024-01-01T24:00:00Z", 12 },
	{ "2024-01-01T00:60:00Z", 14 },
	{ "2024-01-01T00:00:61Z", 18 },
	{ "2016-12-30T23:59:60Z", 17 },
	{ "2016-12-31T22:59:60Z", 17 },
	{ "2016-12-31T23:58:60Z", 17 },
	{ "2016-12-31T23:59:60+01:00", 17 },
	{ "2024-02-28T23:59:60Z", 17 },
	{ "2024-01-01T00:00:00", 19 },
	{ "2024-01-01T00:00:00.Z", 20 },
	{ "2024-01-01T00:00:00+1", 21 },
	{ "2024-01-01T00:00:00+24:00", 21 },
	{ "2024-01-01T00:00:00+0100", 22 },
	{ "2024-01-01 00:00:00Z", 10 },
	{ "24-01-01T00:00:00Z", 2 },
	{ "12024-01-01T00:00:00Z", 4 },
	{ "-2024-01-01T00:00:00Z", 0 },
};

/* RFC 3339 5.6 and 5.7: a date becomes the number of seconds since 1970. */
START_TEST(dates_are_seconds_since_1970)
{
	int64_t seconds;
	size_t i;

	for (i = 0; i < ROWS(dates); i++)
		ck_assert_msg(read_date(dates[i].text, &seconds) &&
			seconds == dates[i].seconds,
		    "%s: %" PRId64, dates[i].text, seconds);
	for (i = 0; i < ROWS(no_dates); i++)
		ck_assert_msg(!read_date(no_dates[i].text, &seconds) &&
			seconds == no_dates[i].error_at,
		    "%s: error at %" PRId64, no_dates[i].text, seconds);
}
END_TEST

/* Check each day of 400 years: its midnight is 86400 seconds after the midnight
 * of the day before. */
START_TEST(dates_follow_each_other_through_the_calendar)
{
	int64_t expected = INT64_C(-62167219200), seconds;
	int year, month, day, days = 0;
	char text[64];

	for (year = 0; year < 400; year++)
		for (month = 1; month <= 12; month++)
			for (day = 1; day <= 31; day++) {
				sprintf(text, "%04d-%02d-%02dT00:00:00Z", year,
				    month, day);
				if (!read_date(text, &seconds) && day > 28)
					continue;
				if (seconds != expected)
					ck_abort_msg("%s", text);
				expected += 86400;
				days++;
			}
	ck_assert_int_eq(days, 400 * 365 + 97);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		numbers_have_no_sign_blank_or_radix_unless_the_rfc_allows_it,
		numbers_are_exact_up_to_64_bits_and_saturate_or_are_refused,
		dates_are_seconds_since_1970,
		dates_follow_each_other_through_the_calendar,
	};

	return suite_run("number", tests, ROWS(tests));
}
