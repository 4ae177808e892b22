/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The date in the Received: field, RFC 5322 3.3: src/session/received.c. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "support/client.h"

static struct client client;

#define NOV23 INT64_C(1795454729) /* Mon, 23 Nov 2026 17:25:29 UTC */

/* Returns the field as a C string, valid until the next call. */
static const char *
received(int64_t unix_time, int zone)
{
	static char out[4096];
	size_t len;

	if (mailin_session_received(client.session, unix_time, zone, "", out,
		sizeof out - 1, &len) != MAILIN_OK)
		ck_abort_msg("no field");
	out[len] = '\0';
	return out;
}

struct date_row {
	int64_t unix_time;
	int zone;
	const char *date;
};

static const struct date_row dates[] = {
	{ 0, 0, "Thu, 1 Jan 1970 00:00:00 +0000" },
	{ -1, 0, "Wed, 31 Dec 1969 23:59:59 +0000" },
	{ 0, -90, "Wed, 31 Dec 1969 22:30:00 -0130" },
	{ 0, 330, "Thu, 1 Jan 1970 05:30:00 +0530" },
	{ 0, -1, "Wed, 31 Dec 1969 23:59:00 -0001" },
	{ 0, 1439, "Thu, 1 Jan 1970 23:59:00 +2359" },
	{ 0, -1439, "Wed, 31 Dec 1969 00:01:00 -2359" },
	{ 951782399, 0, "Mon, 28 Feb 2000 23:59:59 +0000" },
	{ 951782400, 0, "Tue, 29 Feb 2000 00:00:00 +0000" },
	{ 1709164800, 0, "Thu, 29 Feb 2024 00:00:00 +0000" },
	{ 1709251200, 0, "Fri, 1 Mar 2024 00:00:00 +0000" },
	{ 4107542399, 0, "Sun, 28 Feb 2100 23:59:59 +0000" },
	{ 4107542400, 0, "Mon, 1 Mar 2100 00:00:00 +0000" },
	{ 4294967296, 0, "Sun, 7 Feb 2106 06:28:16 +0000" },
	{ -62135596800, 0, "Mon, 1 Jan 0001 00:00:00 +0000" },
	{ 253402214400, 1439, "Fri, 31 Dec 9999 23:59:00 +2359" },
	{ 253402300799, 0, "Fri, 31 Dec 9999 23:59:59 +0000" },
	{ 253402300799, -1439, "Fri, 31 Dec 9999 00:00:59 -2359" },
	{ 253402300799 - 86340, 1439, "Fri, 31 Dec 9999 23:59:59 +2359" },
	{ 253402300799 + 86340, -1439, "Fri, 31 Dec 9999 23:59:59 -2359" },
	{ -62167219200, 0, "Sat, 1 Jan 0000 00:00:00 +0000" },
	{ -62167219200 + 86340, -1439, "Sat, 1 Jan 0000 00:00:00 -2359" },
	{ -62167219200 - 86340, 1439, "Sat, 1 Jan 0000 00:00:00 +2359" },
	{ NOV23, 60, "Mon, 23 Nov 2026 18:25:29 +0100" },
};

/* Returns the date, which is the end of the field. */
static const char *
date_of(int64_t unix_time, int zone)
{
	return strchr(received(unix_time, zone), ';') + 2;
}

START_TEST(the_date_is_that_of_the_zone)
{
	char expected[64];
	size_t i;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(dates); i++) {
		snprintf(expected, sizeof expected, "%s\r\n", dates[i].date);
		ck_assert_str_eq(date_of(dates[i].unix_time, dates[i].zone),
		    expected);
	}
	client_end(&client);
}
END_TEST

START_TEST(the_date_is_that_of_libc)
{
	char expected[64];
	struct tm tm;
	int64_t seconds;
	time_t time;
	int turn;

	client_init(&client);
	client_begin(&client);
	for (turn = 0; turn < 20000; turn++) {
		/* Choose a time in the years 1019 to 8624. */
		seconds = (int64_t)suite_random(4000000000u) * 60 + turn % 60 -
		    INT64_C(30000000000);
		time = (time_t)seconds;
		if (time != seconds) /* a time_t of 32 bits ends in 2038 */
			continue;
		ck_assert_ptr_nonnull(gmtime_r(&time, &tm));
		strftime(expected, sizeof expected,
		    "%a, %e %b %Y %H:%M:%S +0000\r\n", &tm);
		if (expected[5] == ' ') /* %e writes a blank before a single
					   digit */
			memmove(expected + 5, expected + 6,
			    strlen(expected + 5));
		if (strcmp(date_of(time, 0), expected) != 0)
			ck_abort_msg("%s where %s is right", date_of(time, 0),
			    expected);
	}
	client_end(&client);
}
END_TEST

START_TEST(a_zone_is_less_than_a_day)
{
	static const int zones[] = { 1440, -1440, 100000, INT32_MAX,
		INT32_MIN };
	char out[256];
	size_t i, len;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(zones); i++)
		ck_assert_int_eq(mailin_session_received(client.session, 0,
				     zones[i], "", out, sizeof out, &len),
		    MAILIN_ERROR_ARGUMENT);
	client_end(&client);
}
END_TEST

/* RFC 5322 3.3: a year has four digits, so other years are refused. */
START_TEST(a_year_has_four_digits)
{
	static const int64_t times[] = { INT64_MAX, INT64_MIN,
		INT64_MAX - 86399, INT64_MIN + 86399 };
	static const struct {
		int64_t unix_time;
		int zone;
	} edges[] = { { 253402300800, 0 }, { -62167219201, 0 },
		{ 253402300800, 1439 }, { 253402300800 - 86340, 1439 },
		{ -62167219201 + 86340, -1439 },
		{ 253402300800 + 86340, -1439 },
		{ -62167219201 - 86340, 1439 } };
	char out[256];
	size_t i, len;

	client_init(&client);
	client_begin(&client);
	for (i = 0; i < ROWS(times); i++) {
		ck_assert_int_eq(mailin_session_received(client.session,
				     times[i], 1439, "", out, sizeof out, &len),
		    MAILIN_ERROR_ARGUMENT);
		ck_assert_int_eq(mailin_session_received(client.session,
				     times[i], -1439, "", out, sizeof out,
				     &len),
		    MAILIN_ERROR_ARGUMENT);
	}
	for (i = 0; i < ROWS(edges); i++)
		ck_assert_int_eq(mailin_session_received(client.session,
				     edges[i].unix_time, edges[i].zone, "", out,
				     sizeof out, &len),
		    MAILIN_ERROR_ARGUMENT);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_date_is_that_of_the_zone,
		the_date_is_that_of_libc,
		a_zone_is_less_than_a_day,
		a_year_has_four_digits,
	};

	return suite_run("received_date", tests, ROWS(tests));
}
