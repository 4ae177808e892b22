/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_SERVE_H
#define EXAMPLES_SERVE_H

#include <mailin.h>

/* Shared by the examples that have a loop of their own: a socket on the
 * loopback, and a loop for one client at a time. */

/* Returns the number of a port.  Ends the program, with a message, if text is
 * not a port in decimal. */
unsigned serve_port(const char *text);

/* Listen on this port of 127.0.0.1 (0: any free port), and print the port on
 * standard error.  Ends the program, with a message, if that fails. */
int serve_listen(unsigned port);

/* Serve the client whose socket is fd, and close fd at the end.  The session
 * must not offer STARTTLS. */
void serve_client(int fd, struct mailin_session *session);

#endif
