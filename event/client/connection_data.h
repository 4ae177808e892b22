/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONNECTION_DATA_H
#define MAILIN_SERVER_CONNECTION_DATA_H

#include "client/connection.h"
#include "io/deadline.h"
#include "receive/receiver.h"
#include "io/rest.h"
#include "io/transport.h"

/* The members of a connection, for connection.c and connection_tls.c alone. */

/* How long a client may take to read the last reply and to close (see
 * MAILIN_WANT_CLOSE), in seconds. */
#define LINGER 2

/* What the connection is doing. */
enum phase {
	TALKING,
	SHAKING,  /* doing the TLS handshake */
	LINGERING /* all output is sent; input is dropped */
};

struct connection {
	struct receiver receiver;
	struct connection *next, **link; /* in the list of clients */
	struct clients *clients;
	struct transport transport;
	struct event ready;
	struct deadline deadline; /* when the client's time is over */
	unsigned timeout;  /* the session's timeout when the deadline was set */
	uint64_t progress; /* its progress at that time */
	struct rest rest;
	enum io awaited; /* what the socket is watched for; IO_DONE: nothing */
	enum phase phase;
	bool stalled; /* output waits for the socket */
	bool ended;   /* the client has shut down its sending side */
};

/* From now on drop all input, for LINGER seconds.  Returns what to wait
 * for. */
static inline enum io
connection_linger(struct connection *connection)
{
	connection->phase = LINGERING;
	deadline_set(&connection->deadline, LINGER);
	return IO_WAIT_READ;
}

/* ---- connection_tls.c: the handshake ---- */

/* Each returns what the connection has to wait for next: IO_DONE if the session
 * can go on inside TLS, IO_GONE if the connection must be dropped. */
enum io connection_start_tls(struct connection *connection);
enum io connection_shake(struct connection *connection);

#endif
