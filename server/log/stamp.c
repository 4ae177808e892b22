/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>
#include <time.h>

#include "log/stamp.h"
#include "octet/number.h"

static enum log_form form = FORM_PLAIN;

void
stamp_set_form(enum log_form to)
{
	form = to;
}

enum log_form
stamp_form(void)
{
	return form;
}

static const char *
name_of(enum log_level level)
{
	switch (level) {
	case LEVEL_ERROR:
		return "error";
	case LEVEL_WARNING:
		return "warning";
	case LEVEL_INFO:
		return "info";
	default:
		return "debug";
	}
}

/* Write the time as in RFC 3339, in UTC.  Each thread keeps the text of the
 * current second, since under load it writes many lines in a second. */
static size_t
write_time(char out[STAMP_SIZE], enum log_level level)
{
	static _Thread_local time_t second = -1;
	static _Thread_local char text[32];
	struct timespec now;
	struct tm utc;
	char *at;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec != second && gmtime_r(&now.tv_sec, &utc) != NULL) {
		strftime(text, sizeof text, "time=%Y-%m-%dT%H:%M:%S.", &utc);
		second = now.tv_sec;
	}
	at = stpcpy(out, text);
	number_pad(at, (uint64_t)now.tv_nsec / 1000, 6);
	at = stpcpy(at + 6, "Z level=");
	at = stpcpy(at, name_of(level));
	return (size_t)(stpcpy(at, " ") - out);
}

size_t
stamp_write(char out[STAMP_SIZE], enum log_level level)
{
	out[0] = '\0';
	switch (form) {
	case FORM_TIMED:
		return write_time(out, level);
	case FORM_LEVEL:
		strcpy(out, "<0>");
		out[1] = (char)('0' + level);
		return 3;
	default:
		return 0;
	}
}
