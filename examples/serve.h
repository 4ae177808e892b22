/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_SERVE_H
#define EXAMPLES_SERVE_H

#include <mailin.h>

/*
 * What the examples share: a socket on the loopback, and the loop of a
 * program that serves one client at a time with blocking calls.
 */

/* The number of a port in decimal.  Ends the program, with a message, where
 * text is none. */
unsigned serve_port(const char *text);

/* Listen on that port of 127.0.0.1, 0 for any that is free, and say so on
 * standard error.  Ends the program, with a message, where it cannot. */
int serve_listen(unsigned port);

/* Milliseconds of a clock that never goes back. */
int64_t serve_now(void);

/* Serve the client on connection fd to its end, and close fd. */
void serve_client(int fd, struct mailin_session *session);

#endif
