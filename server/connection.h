/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONNECTION_H
#define MAILIN_SERVER_CONNECTION_H

#include "loop.h"
#include "netaddr.h"
#include "service.h"

/*
 * A client: its socket on one side, its session on the other.  A connection
 * makes itself known to the clients of its loop, and frees itself at its end.
 */
struct connection;

/* More makes large messages cheaper, but is also what a client can have kept
 * of it while it waits for a decision. */
#define CLIENTS_BUFFER_SIZE 65536

/* The clients that one loop serves from their first octet to their last. */
struct clients {
	struct loop       *loop;
	struct service    *service;
	struct connection *first;
	char               buffer[CLIENTS_BUFFER_SIZE]; /* for each read in
	                                                   turn */
};

/* Serve the client behind fd, or tell it that there are too many. */
void connection_open(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local);

/* Let each session end at its next safe point. */
void connection_shutdown_all(struct clients *clients);

/* Tell each that its time is over, unless its message is being stored. */
void connection_time_out_all(struct clients *clients);

/* End each at once. */
void connection_drop_all(struct clients *clients);

#endif
