/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOG_H
#define MAILIN_SERVER_LOG_H

#include <stdio.h>

#include <mailin/session.h>

/*
 * What the server tells its operator.  Each call writes one line, from any
 * thread, and, from log_start on, never waits for its reader (line_writer.h).
 */

/* News goes to stdout, not to stderr: stdout is not the client's. */
void log_to_stdout(void);

/* Clients come: from here on threads of their own write.  False, with the
 * reason on stderr, if they cannot be started. */
bool log_start(void);

/* Write what waits, for a second at most, and write no more. */
void log_stop(void);

/* News: where the server listens. */
void log_line(const char *format, ...) MAILIN_FORMAT(1, 2);

/* What went wrong, on stderr. */
void log_error(const char *format, ...) MAILIN_FORMAT(1, 2);

/* A line in or out of session number session, on stderr. */
void log_trace(unsigned long session, enum mailin_direction direction,
    struct mailin_span line);

/* Who the client of session number session is, on stderr. */
void log_client(unsigned long session, const struct mailin_peer *peer);

/* What the TLS of session number session is like, on stderr. */
void log_tls(unsigned long session, const struct mailin_tls *tls);

/* ---- News of fields ---- */

/* A line that is being made; write to out. */
struct log_record {
	FILE *out;
	char *text;
	size_t len;
};

/* False: no memory, and the line counts as lost. */
bool log_begin(struct log_record *record);
void log_end(struct log_record *record);

/*
 * Write the value of a field.  All but printable ASCII is written as \xNN, and
 * so are blanks, quotes, "=" and "\": so a value is one word, and nothing that
 * a client has sent can forge a field or a line, or command a terminal.
 */
void log_value(FILE *out, struct mailin_span value);

/* Write " name=value". */
void log_field(FILE *out, const char *name, struct mailin_span value);

#endif
