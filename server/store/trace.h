/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TRACE_H
#define MAILIN_SERVER_TRACE_H

#include <mailin/session.h>

#define TRACE_SIZE 4096

/* Write the Received: field of a message of the session, with the time of now.
 * Returns an absent span if the field is too long. */
struct mailin_span trace_received(const struct mailin_session *session,
    const char *id, char field[TRACE_SIZE]);

#endif
