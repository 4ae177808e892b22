/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_SERVE_H
#define EXAMPLES_SERVE_H

#include <sys/types.h>

#include <mailin.h>

/*
 * Shared by the examples: a socket on the loopback, and the loop of a program
 * that serves one client at a time.
 */

/* Returns the number of a port.  Ends the program, with a message, if text is
 * not a port in decimal. */
unsigned serve_port(const char *text);

/* Listen on the port of 127.0.0.1, 0 for any free one, and print it on standard
 * error.  Ends the program, with a message, if that fails. */
int serve_listen(unsigned port);

/* Returns the milliseconds of a clock that never goes back. */
int64_t serve_now(void);

/*
 * TLS, for a program that offers STARTTLS.  The socket does not block, and
 * neither do these functions.  Each returns the number of octets that it moved
 * (shake and finish: 1 when they are done), or one of these:
 */
enum {
	SERVE_END = 0,        /* receive: no more input will come */
	SERVE_GONE = -1,      /* the connection is broken */
	SERVE_WAIT_READ = -2, /* call again with the same arguments when */
	SERVE_WAIT_WRITE = -3 /* the socket can be read, or written */
};

struct serve_tls {
	/* Does the handshake, and calls mailin_session_tls_started after it. */
	ssize_t (*shake)(struct mailin_session *session, void *user);
	ssize_t (*receive)(char *octets, size_t room, void *user);
	ssize_t (*send)(const char *octets, size_t len, void *user);
	/* Tells the client that no more output comes. */
	ssize_t (*finish)(void *user);
	void *user;
};

/* Serve the client whose socket is fd, and close fd at the end. tls may be NULL
 * if the session does not offer STARTTLS. */
void serve_client(int fd, struct mailin_session *session,
    const struct serve_tls *tls);

#endif
