/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_DATE_H
#define MAILIN_SRC_DATE_H

#include <stdint.h>

/* The first second of year 0 and the last second of year 9999, in seconds since
 * 1970.  The years between them have four digits. */
#define DATE_FIRST_SECOND INT64_C(-62167219200)
#define DATE_LAST_SECOND  INT64_C(253402300799)

struct mailin_date {
	long long year;
	int month, day, weekday; /* month and day begin at 1; weekday 0 is
				    Sunday */
};

/* Returns the date that is this many days after 1970-01-01, in the Gregorian
 * calendar. */
struct mailin_date mailin_date_of(int64_t days);

#endif
