/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_STREAM_H
#define MAILIN_FUZZ_SESSION_STREAM_H

#include "session_check.h"

/*
 * A second reader of the client's stream, independent of the library.  It
 * finds where each line ends, how long it is, where a message ends, and its
 * octets (tests/support/decoder.h).  The session must agree whenever it
 * reports a line or hands on a message.  No line may come after one that must
 * end the session.  If an allocation has failed, nothing more is checked.
 */

/* Start to read.  The stream may begin with a PROXY header. */
void stream_start(struct check *check, struct mailin_span stream,
    bool has_header);

/* The session reports a line of the client. */
void stream_line(struct check *check, struct mailin_span line);

/* The session reports a line of its own. */
void stream_reply(struct check *check, struct mailin_span line);

/* The session has sent 354. */
void stream_message(struct check *check);

/* The session hands on a whole message. */
void stream_message_end(struct check *check);

#endif
