/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "octet/date.h"

/* An era has 400 years.  doe and yoe are the day and the year of the era.  doy
 * is the day of a year that begins in March.  mp is the month of that year; it
 * begins at 0. */
struct mailin_date
mailin_date_of(int64_t days)
{
	int64_t shifted = days + 719468; /* days since 0000-03-01 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t doe = shifted - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct mailin_date date = {
		.year = yoe + era * 400 + (mp >= 10),
		.month = (int)(mp < 10 ? mp + 3 : mp - 9),
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
	};

	return date;
}
