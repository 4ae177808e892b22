/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONNECTION_H
#define MAILIN_SERVER_CONNECTION_H

#include "client/clients.h"

/*
 * A connection joins the socket of a client and its session.  It is in the list
 * of its struct clients.  At its end it leaves the list and frees itself; each
 * of these functions may be its end.
 */
struct connection;

/* Serve the client whose socket is fd; it has been counted in
 * service->connections.  Returns false if there is no memory; then fd and the
 * count are still the caller's. */
bool connection_open(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local, bool tls);

/* Returns the next connection of the list, or NULL. */
struct connection *connection_next(const struct connection *connection);

/* See clients.h. */
void connection_shut_down(struct connection *connection);
void connection_time_out(struct connection *connection);
void connection_drop(struct connection *connection);

#endif
