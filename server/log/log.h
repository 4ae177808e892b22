/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOG_H
#define MAILIN_SERVER_LOG_H

#include <stdio.h>

#include <mailin/session.h>

/*
 * Messages for the operator.  Each call writes one line, in any thread.  After
 * log_start no call waits for the reader of the log (line_writer.h).
 */

/* Write news to stdout from now on, not to stderr.  Call unless stdout belongs
 * to the client. */
void log_to_stdout(void);

/* Call before clients are served: from now on threads write the lines.  Returns
 * false, with the reason on stderr, if threads cannot be started. */
bool log_start(void);

/* Write the lines that wait, for a second at most; later lines are lost. */
void log_stop(void);

/* Write news, such as where the server listens. */
void log_line(const char *format, ...) MAILIN_FORMAT(1, 2);

/* Write to stderr what went wrong. */
void log_error(const char *format, ...) MAILIN_FORMAT(1, 2);

/* Write to stderr a line that session number session received or sent. */
void log_trace(unsigned long session, enum mailin_direction direction,
    struct mailin_span line);

/* Write the address of a session's client to stderr. */
void log_client(unsigned long session, const struct mailin_peer *peer);

/* Write to stderr that a peer with the address sent no PROXY header. */
void log_no_proxy(struct mailin_span address);

/* Write the facts about a session's TLS to stderr. */
void log_tls(unsigned long session, const struct mailin_tls *tls);

/* ---- News made of fields ---- */

/* A line that is being made.  Write its text to out. */
struct log_record {
	FILE *out;
	char *text;
	size_t len;
};

/* Returns false if there is no memory; the line then counts as lost. */
bool log_begin(struct log_record *record);
void log_end(struct log_record *record);

/*
 * Write the value of a field.  All but printable ASCII is written as \xNN, and
 * so are blanks, quotes, "=" and "\".  So a value is one word, and no octet
 * that a client has sent can forge a field or a line, or control a terminal.
 */
void log_value(FILE *out, struct mailin_span value);

/* Write " name=value". */
void log_field(FILE *out, const char *name, struct mailin_span value);

#endif
