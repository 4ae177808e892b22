/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_INSIDE_H
#define MAILIN_TESTS_INSIDE_H

#include "support/stage.h"

/* Functions for tests that call the library from inside a callback. */

#define EHLO "EHLO c\r\n"
#define RCPT EHLO "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"

/* The lines that make the session call a callback. */
struct call {
	enum on on;
	const char *before; /* sent first; NULL: the session is not open yet */
	const char *last;   /* fed in one call */
};

/* Makes the call that is tested, and counts these calls. */
extern const struct call *inside_call;
extern int inside_times;

/* Make a new session call the callback.  The hook of the client then makes the
 * tested call.  pipelined: the client need not wait for replies. */
void inside_begin(struct client *client, const struct call *call,
    bool pipelined);
void inside_make_call(struct client *client,
    void (*hook)(struct client *, enum on));

/* A hook that frees the session. */
void inside_free(struct client *client, enum on on);

/* Check that mailin_session_free took effect when the outermost call returned,
 * and that the callback close was called once.  Ends the client. */
void inside_check_freed(struct client *client);

#endif
