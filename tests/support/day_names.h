/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The file that looks at certificates once a day includes this header first.
 * Its day then lasts a fifth of a second.  With NO_TIMER in the environment,
 * there is no memory for its timer. */
#include <config.h>

#include <event2/event.h>
#include <stdlib.h>

static inline int
short_day_event_add(struct event *event, const struct timeval *time)
{
	const struct timeval short_day = { .tv_usec = 200000 };

	if (getenv("NO_TIMER") != NULL)
		return -1;
	return event_add(event, time->tv_sec == 86400 ? &short_day : time);
}

#define event_add short_day_event_add
