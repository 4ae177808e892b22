/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <time.h>

#include "store/trace.h"

/* Returns by how many minutes local time is ahead of UTC. */
static int
zone(time_t now)
{
	struct tm local;

	return localtime_r(&now, &local) != NULL ? (int)(local.tm_gmtoff / 60) :
						   0;
}

struct mailin_span
trace_received(const struct mailin_session *session, const char *id,
    char field[TRACE_SIZE])
{
	time_t now = time(NULL);
	size_t len;

	if (mailin_session_received(session, now, zone(now), id, field,
		TRACE_SIZE, &len) != MAILIN_OK)
		return (struct mailin_span){ NULL, 0 };
	return (struct mailin_span){ field, len };
}
