/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONNECTION_H
#define MAILIN_SERVER_CONNECTION_H

#include "client/clients.h"

/*
 * A client: its socket on one side, its session on the other.  A connection
 * is in the list of its clients until it ends, and then frees itself; any call
 * may be its end.
 */
struct connection;

/* Serve the client behind fd, which has its place among the connections of the
 * service.  False: no memory, and fd and the place are still the caller's. */
bool connection_open(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local, bool tls);

/* The next in the list, or NULL. */
struct connection *connection_next(const struct connection *connection);

/* See clients.h. */
void connection_shut_down(struct connection *connection);
void connection_time_out(struct connection *connection);
void connection_drop(struct connection *connection);

#endif
