/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOG_H
#define MAILIN_SERVER_LOG_H

#include <stdio.h>

#include <mailin/session.h>

/*
 * What the server tells its operator.  Each call writes one line at once,
 * from any thread.
 */

/* Where log_line writes: stdout, or stderr where stdout is the client's.
 * To be called first, while there are no other threads. */
void log_to(FILE *stream);

/* News: where the server listens, a message that was received. */
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

/* Write what a peer sent: all but printable ASCII as \xNN, so that it can
 * neither forge a line of the log nor command a terminal. */
void log_escaped(FILE *stream, struct mailin_span octets);

#endif
