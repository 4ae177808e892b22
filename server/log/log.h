/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOG_H
#define MAILIN_SERVER_LOG_H

#include <mailin/session.h>

#include "log/record.h"

/*
 * Messages for the operator.  Each call writes one line.  The functions that
 * are declared after log_start may be called in any thread.  After log_start no
 * function waits for the reader of the log (line_writer.h), and each line
 * begins with its time and its level (stamp.h).
 */

enum log_destination {
	LOG_TO_STDOUT,   /* standard output, or standard error */
	LOG_TO_JOURNALD, /* like STDOUT, with levels as journald reads them */
	LOG_TO_SYSLOG
};

/* Call before log_start. */
void log_to(enum log_destination destination);

/* From now on write news (log_line, log_record) to stdout.  Without this call
 * news goes to stderr, as it must if stdout belongs to the client. */
void log_to_stdout(void);

/* Let threads write the lines from now on.  Call before clients are served.
 * Returns false, with the reason on stderr, if threads cannot be started. */
bool log_start(void);

/* Write the lines that are still in the queue, but take no longer than a
 * second.  Later lines are lost. */
void log_stop(void);

/* End a record of news, and write it. */
void log_record(struct record *record);

/* Write news, such as the address at which the server listens. */
void log_line(const char *format, ...) MAILIN_FORMAT(1, 2);

/* Write an error, or a warning, to stderr. */
void log_error(const char *format, ...) MAILIN_FORMAT(1, 2);
void log_warning(const char *format, ...) MAILIN_FORMAT(1, 2);

/* Write to stderr a line that the session with this number received or sent. */
void log_trace(unsigned long session, enum mailin_direction direction,
    struct mailin_span line);

/* Write the address of a session's client to stderr. */
void log_client(unsigned long session, const struct mailin_peer *peer);

/* Write to stderr that the peer at the address sent no PROXY header. */
void log_no_proxy(struct mailin_span address);

/* Write the facts about a session's TLS to stderr. */
void log_tls(unsigned long session, const struct mailin_tls *tls);

#endif
