/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_INSIDE_H
#define MAILIN_TESTS_INSIDE_H

#include "support/stage.h"

/* Functions for tests that call the library from inside a callback. */

#define EHLO "EHLO c\r\n"
#define RCPT EHLO "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"

/* A callback, and the lines that make the session call it. */
struct call {
	enum on on;
	/* Lines to feed first.  If this is NULL, no line is fed:
	 * mailin_session_output() makes the session call the callback. */
	const char *before;
	const char *last; /* the octets that make the session call it */
};

/* The callback in which a hook makes the tested call, and how often the hook
 * has made it. */
extern const struct call *inside_call;
extern int inside_times;

/* Open a session, and feed the lines before the callback.  If pipelined is
 * true, the client need not wait for replies. */
void inside_begin(struct client *client, const struct call *call,
    bool pipelined);
/* Make the session call the callback, in which the hook makes the tested call.
 */
void inside_make_call(struct client *client,
    void (*hook)(struct client *, enum on));

/* A hook that frees the session. */
void inside_free(struct client *client, enum on on);

/* Check that mailin_session_free took effect when the outermost call returned,
 * and that the callback "close" was called once.  Ends the client. */
void inside_check_freed(struct client *client);

#endif
