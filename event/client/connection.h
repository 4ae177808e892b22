/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_CONNECTION_H
#define MAILIN_EVENT_CONNECTION_H

#include "client/clients.h"
#include "client/place.h"

/*
 * A connection joins the socket of a client and its session.  It is in the
 * list of the struct clients to which it belongs.  When a connection ends, it
 * leaves the list and frees itself, which may happen in each of the functions
 * below.
 */
struct connection;

/* Serve the client whose socket is fd.  The caller has counted the client, in
 * common->connections and in *place.  Returns false if there is no memory, or
 * if the program refuses the client; then the caller keeps fd and the
 * counts. */
bool mailin_connection_open(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local,
    struct policy *policy, const struct place *place);

/* Returns the next connection of the list, or NULL. */
struct connection *mailin_connection_next(const struct connection *connection);

/* The functions in clients.h call these for each client. */
void mailin_connection_shut_down(struct connection *connection);
void mailin_connection_time_out(struct connection *connection);
void mailin_connection_drop(struct connection *connection);

/* ---- Tickets, by which other threads resume a session ---- */

/* Returns the connection that has this session. */
struct connection *mailin_connection_of(const struct mailin_session *session);

/* Returns the base of the thread that serves the connection. */
struct event_base *mailin_connection_base(const struct connection *connection);

/* Returns the session, or NULL if the connection has ended. */
struct mailin_session *mailin_connection_session(
    const struct connection *connection);

/* Call when a ticket is made.  Until the ticket has come back, the connection
 * is not freed, and its client stays counted.  Returns the queue (post) of the
 * connection's thread.  Returns NULL, and does nothing, if the callback "open"
 * has not yet accepted the client. */
struct post *mailin_connection_hold(struct connection *connection);

/* Call when a ticket has come back, perhaps with a decision: the session goes
 * on. */
void mailin_connection_release(struct connection *connection);

/* Free a connection that has ended. */
void mailin_connection_free(struct connection *connection);

#endif
