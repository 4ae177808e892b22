/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_CONNECTION_H
#define MAILIN_EVENT_CONNECTION_H

#include "client/clients.h"
#include "client/place.h"

/*
 * A connection joins the socket of a client and its session.  It is in a list
 * of its struct clients.  When a connection ends, it leaves the list and frees
 * itself, which may happen in each of these functions.
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

/* See the functions for all clients in clients.h. */
void mailin_connection_shut_down(struct connection *connection);
void mailin_connection_time_out(struct connection *connection);
void mailin_connection_drop(struct connection *connection);

/* ---- Tickets ---- */

/* Returns the connection that has this session. */
struct connection *mailin_connection_of(const struct mailin_session *session);

/* Returns the base of the thread that serves the connection. */
struct event_base *mailin_connection_base(const struct connection *connection);

/* Returns the session, or NULL if the connection has ended. */
struct mailin_session *mailin_connection_session(
    const struct connection *connection);

/* A ticket was made: the connection, and its place, stay until the ticket has
 * come back.  Returns the post of the connection's thread, or NULL if the
 * program may still refuse the client. */
struct post *mailin_connection_hold(struct connection *connection);

/* The ticket has come back, perhaps with a decision: go on. */
void mailin_connection_release(struct connection *connection);

/* Free a connection that has ended. */
void mailin_connection_free(struct connection *connection);

#endif
