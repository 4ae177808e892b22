/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The longer actions on ESMTP parameters: keywords, numbers and dates. */
#include "command/parameter.h"
#include "command/scan_parameter.h"
#include "octet/date.h"

/* Returns a bit for each parameter that must not come before this one.  The
 * parameter itself is one of them, because nobody could know which value counts
 * if it came twice.  HOLDFOR and HOLDUNTIL also exclude each other (RFC 4865
 * 3). */
static inline uint32_t
excluded(enum mailin_parameter parameter)
{
	const uint32_t hold = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_HOLDFOR) |
	    MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_HOLDUNTIL);
	uint32_t bit = MAILIN_PARAMETER_BIT(parameter);

	return (bit & hold) != 0 ? hold : bit;
}

static void
note_given(struct mailin_scan *scan, enum mailin_parameter parameter)
{
	if ((scan->command->mail.parameters & excluded(parameter)) != 0)
		mailin_scan_refuse(scan, scan->parameter);
	scan->command->mail.parameters |= MAILIN_PARAMETER_BIT(parameter);
}

enum mailin_parameter
mailin_scan_keyword(struct mailin_scan *scan, const unsigned char *p)
{
	const char *keyword = (const char *)scan->parameter;
	size_t len = (size_t)((const char *)p - keyword);
	enum mailin_parameter parameter = mailin_parameter_find(
	    scan->command->verb, (struct mailin_span){ keyword, len });
	bool has_value = *p == '=', wants_value = true;

	if (parameter == MAILIN_PARAMETER_UNKNOWN) {
		scan->special = true;
		if (scan->unknown == NULL)
			scan->unknown = scan->parameter;
		scan->command->mail.parameters |= MAILIN_PARAMETER_BIT(
		    parameter);
		wants_value = has_value;
	} else {
		note_given(scan, parameter);
		wants_value = mailin_parameter_rows[parameter].has_value;
	}
	if (has_value != wants_value)
		mailin_scan_refuse(scan, p);
	if (has_value)
		return parameter;
	scan_close(&scan->command->mail.parameter_text, p);
	return MAILIN_PARAMETER_UNKNOWN;
}

/* Returns the first digit that makes the number too large for 64 bits, or the
 * octet after the number. */
static const unsigned char *
past_number(const unsigned char *p)
{
	uint64_t number = 0;

	for (; ascii_is_digit((char)*p); p++) {
		unsigned digit = (unsigned)*p - '0';

		if (number > (UINT64_MAX - digit) / 10)
			break;
		number = number * 10 + digit;
	}
	return p;
}

/* Check a number that has more than SCAN_FIT digits.  It may be too large for
 * 64 bits (RFC 1870 5 allows 20 digits), or have more than "most" digits. */
static void
long_number(struct mailin_scan *scan, const unsigned char *p,
    const unsigned char *end, int most)
{
	if (end - p > most)
		mailin_scan_refuse(scan, p + most);
	scan->over = past_number(p) != end;
	if (scan->over)
		scan->number = UINT64_MAX;
}

const unsigned char *
mailin_scan_digits(struct mailin_scan *scan, const unsigned char *p, int most)
{
	const unsigned char *end = scan_read_digits(p, &scan->number);

	scan->over = false;
	if (end - p > SCAN_FIT || end - p > most)
		long_number(scan, p, end, most);
	return end - 1;
}

/* Read the size of a chunk (RFC 3030 2).  A size that does not fit in 64 bits
 * is refused, because nobody could know where the chunk ends. */
const unsigned char *
mailin_scan_chunk_size(struct mailin_scan *scan, const unsigned char *p)
{
	const unsigned char *end, *stop;

	end = scan_read_digits(p, &scan->command->bdat.size);
	stop = end - p > SCAN_FIT ? past_number(p) : end;
	if (stop != end)
		mailin_scan_refuse(scan, stop);
	return end - 1;
}

static int
digits(const char *text, size_t count)
{
	int number = 0;

	while (count-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

static int
days_in_month(int year, int month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Returns the days since 1970-01-01, in the Gregorian calendar, for years 0 to
 * 9999. */
static int64_t
days_from_epoch(int year, int month, int day)
{
	int before = year - 1;
	int64_t days = INT64_C(365) * year +
	    (year == 0 ? 0 : before / 4 - before / 100 + before / 400 + 1);
	int m;

	for (m = 1; m < month; m++)
		days += days_in_month(year, m);
	return days + day - 1 - 719528;
}

/* The grammar has matched a date such as 2006-01-02.  Refuse a day that the
 * month does not have (RFC 3339 5.7). */
void
mailin_scan_full_date(struct mailin_scan *scan)
{
	const char *text = (const char *)scan->value;
	int day = digits(text + 8, 2);
	int days = days_in_month(digits(text, 4), digits(text + 5, 2));

	if (day > days)
		mailin_scan_refuse(scan,
		    (const unsigned char *)text +
			(day / 10 > days / 10 ? 8 : 9));
}

/* The text is a time such as 15:04.  Returns the number of seconds from
 * midnight to this time. */
static int
hour_and_minute(const char *text)
{
	return digits(text, 2) * 3600 + digits(text + 3, 2) * 60;
}

/* RFC 3339 5.7: a leap second (60) is the last second of a month in UTC, so the
 * second after it begins a month. */
static bool
starts_month(int64_t time)
{
	return time % 86400 == 0 && mailin_date_of(time / 86400).day == 1;
}

/* Read a date such as 2006-01-02T15:04:05.5+01:00 (RFC 3339 5.6), which ends
 * before p.  Returns it as seconds since 1970, without the fraction of a
 * second. */
int64_t
mailin_scan_date_time(struct mailin_scan *scan, const unsigned char *p)
{
	const char *text = (const char *)scan->value;
	const char *offset = (const char *)p - 6;
	int64_t time = days_from_epoch(digits(text, 4), digits(text + 5, 2),
			   digits(text + 8, 2)) *
		86400 +
	    hour_and_minute(text + 11) + digits(text + 17, 2);

	if (*offset == '+')
		time -= hour_and_minute(offset + 1);
	else if (*offset == '-')
		time += hour_and_minute(offset + 1);
	if (text[17] == '6' && !starts_month(time))
		mailin_scan_refuse(scan, (const unsigned char *)text + 17);
	return time;
}
