/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>
#include <syslog.h>

#include "log/stamp.h"
#include "log/system_log.h"

_Static_assert(LEVEL_ERROR == LOG_ERR && LEVEL_WARNING == LOG_WARNING &&
	LEVEL_INFO == LOG_INFO && LEVEL_DEBUG == LOG_DEBUG,
    "the levels are those of syslog");

void
system_log_open(void)
{
	openlog("mailin-server", LOG_PID | LOG_NDELAY, LOG_MAIL);
}

/* Send one line.  A line that was made before the log was started has no
 * level. */
static void
send_line(const char *line, size_t len)
{
	int level = LOG_INFO;

	if (len >= 3 && line[0] == '<' && line[2] == '>') {
		level = line[1] - '0';
		line += 3;
		len -= 3;
	}
	syslog(level, "%.*s", (int)len, line);
}

void
system_log_write(const char *lines, size_t len)
{
	while (len > 0) {
		const char *end = memchr(lines, '\n', len);
		size_t line = end != NULL ? (size_t)(end - lines) : len;

		send_line(lines, line);
		line += end != NULL;
		lines += line;
		len -= line;
	}
}
