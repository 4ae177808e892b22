/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_CONNECTION_DATA_H
#define MAILIN_EVENT_CONNECTION_DATA_H

#include <stddef.h>

#include "client/connection.h"
#include "io/deadline.h"
#include "io/rest.h"
#include "io/transport.h"

/* The members of a connection.  Only connection*.c and handler.c use them. */

/* What the connection is doing. */
enum phase {
	TALKING,
	SHAKING,  /* doing the TLS handshake */
	LINGERING /* all output is sent; input is dropped */
};

struct connection {
	struct mailin_session *session; /* NULL: the connection has ended */
	struct policy *policy;
	struct place place;  /* the address for which the client is counted */
	struct place former; /* the place before move(), until end_move() */
	bool moved;          /* between move() and end_move() */
	struct connection *next, **link; /* in a list of clients */
	struct clients *clients;
	struct transport transport;
	struct event ready;
	struct deadline deadline; /* when the client's time is over */
	unsigned timeout;  /* the session's timeout when the deadline was set */
	unsigned tickets;  /* the number of tickets that other threads still
			      have */
	uint64_t progress; /* the session's progress when the deadline was
			      set */
	uint64_t octets_in, octets_out;
	struct rest rest;
	/* The event of the socket that the loop waits for.  IO_DONE: it waits
	 * for no event.  IO_GONE: the next event drops the connection. */
	enum io awaited;
	enum phase phase;
	enum mailin_close_reason close_reason;
	bool stalled; /* output waits for the socket */
	bool ended;   /* the client has shut down its sending side */
	bool opened;  /* the callback "open" has accepted the session */
	bool proxied; /* a PROXY header must come first */
	/* The current recipient or login is counted as wrong until its reply is
	 * known. */
	bool rcpt_counted, auth_counted;
};

/* The memory of the session that the program may use is right after the struct
 * connection.  The user pointer of the session points to it. */
#define CONNECTION_SIZE \
	((sizeof(struct connection) + _Alignof(max_align_t) - 1) / \
	    _Alignof(max_align_t) * _Alignof(max_align_t))

static inline void *
memory_of(struct connection *connection)
{
	return (char *)connection + CONNECTION_SIZE;
}

static inline struct connection *
connection_at(void *memory)
{
	return (struct connection *)(void *)((char *)memory - CONNECTION_SIZE);
}

/* Report an event of the session to the program. */
static inline void
tell_of(const struct connection *connection, struct mailin_event event)
{
	event.session = connection->session;
	tell(connection->clients->common, event);
}

/* Drop all input for LINGER seconds from now on.  Returns the event to wait
 * for. */
static inline enum io
connection_linger(struct connection *connection)
{
	connection->phase = LINGERING;
	mailin_deadline_set(&connection->deadline, LINGER);
	return IO_WAIT_READ;
}

/* ---- connection_end.c ---- */

void mailin_connection_link(struct connection *connection,
    struct connection **list);

/* ---- connection.c ---- */

/* Go on until the session waits for the client, a decision or the socket. */
void mailin_connection_serve(struct connection *connection);

/* The client was too slow; user is its connection. */
void mailin_connection_time_is_over(void *user);

/* ---- connection_tls.c: the handshake ---- */

/* Tell the session, and the program, that the handshake failed. */
void mailin_connection_fail_tls(struct connection *connection,
    const char *reason);

/* mailin_connection_start_tls() starts the TLS handshake,
 * mailin_connection_shake() continues it.  Both return the event to wait for.
 * They return IO_DONE if the handshake has succeeded, so that the session can
 * go on, and IO_GONE if the connection must be dropped. */
enum io mailin_connection_start_tls(struct connection *connection);
enum io mailin_connection_shake(struct connection *connection);

#endif
