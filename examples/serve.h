/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_SERVE_H
#define EXAMPLES_SERVE_H

#include <sys/types.h>

#include <mailin.h>

/*
 * What the examples share: a socket on the loopback, and the loop of a
 * program that serves one client at a time.
 */

/* The number of a port in decimal.  Ends the program, with a message, where
 * text is none. */
unsigned serve_port(const char *text);

/* Listen on that port of 127.0.0.1, 0 for any that is free, and say so on
 * standard error.  Ends the program, with a message, where it cannot. */
int serve_listen(unsigned port);

/* Milliseconds of a clock that never goes back. */
int64_t serve_now(void);

/*
 * TLS, for a program that offers STARTTLS.  The socket does not block, and
 * neither does any of these: each answers how many octets it moved, 1 if it
 * has none to move and is done, or what else there is to say.
 */
enum {
	SERVE_END = 0,        /* receive: no more will come */
	SERVE_GONE = -1,      /* the connection is broken */
	SERVE_WAIT_READ = -2, /* again, with the same arguments, when the */
	SERVE_WAIT_WRITE = -3 /* socket can be read from, or written to */
};

struct serve_tls {
	/* The handshake, to which belongs mailin_session_tls_started. */
	ssize_t (*shake)(struct mailin_session *session, void *user);
	ssize_t (*receive)(char *octets, size_t room, void *user);
	ssize_t (*send)(const char *octets, size_t len, void *user);
	/* Say that no more will be sent. */
	ssize_t (*finish)(void *user);
	void *user;
};

/* Serve the client on connection fd to its end, and close fd.  Where the
 * session offers no STARTTLS, tls may be NULL. */
void serve_client(int fd, struct mailin_session *session,
    const struct serve_tls *tls);

#endif
