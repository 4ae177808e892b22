/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <time.h>

#include "access/path.h"
#include "store/trace.h"

struct mailin_span
trace_path(const struct mailin_session *session, const char *name,
    const struct mailin_path *path, char field[TRACE_SIZE])
{
	char text[PATH_SIZE];
	struct mailin_span span = path_write(session, path, text);
	int len = snprintf(field, TRACE_SIZE, "%s: %.*s\r\n", name,
	    (int)span.len, span.ptr);

	return (struct mailin_span){ field, (size_t)len };
}

struct mailin_span
trace_return_path(const struct mailin_session *session, char field[TRACE_SIZE])
{
	struct mailin_mail mail;

	if (!mailin_session_mail(session, &mail))
		return (struct mailin_span){ NULL, 0 };
	return trace_path(session, "Return-Path", &mail.path, field);
}

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

bool
trace_is_binary(const struct mailin_session *session)
{
	struct mailin_mail mail;

	return mailin_session_mail(session, &mail) &&
	    mail.body == MAILIN_BODY_BINARYMIME;
}
