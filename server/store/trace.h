/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TRACE_H
#define MAILIN_SERVER_TRACE_H

#include <stdbool.h>

#include <mailin/session.h>

#define TRACE_SIZE 4096

/* Write "name: <path>" and CR LF.  No path can end the line, since the
 * tokenizer accepts no control octets. */
struct mailin_span trace_path(const struct mailin_session *session,
    const char *name, const struct mailin_path *path, char field[TRACE_SIZE]);

/* Write Return-Path: with the sender.  It is the first field of a message that
 * has reached its mailbox (RFC 5321 4.4). */
struct mailin_span trace_return_path(const struct mailin_session *session,
    char field[TRACE_SIZE]);

/* Write the Received: field of a message of the session, with the current time.
 * Returns an absent span if the field is too long. */
struct mailin_span trace_received(const struct mailin_session *session,
    const char *id, char field[TRACE_SIZE]);

/* Returns true if the message was sent with BODY=BINARYMIME.  Its line ends
 * must not be converted, because it need not consist of lines. */
bool trace_is_binary(const struct mailin_session *session);

#endif
