/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_CLIENTS_H
#define MAILIN_EVENT_CLIENTS_H

#include "client/common.h"
#include "client/policy.h"
#include "io/loop.h"
#include "io/netaddr.h"

/* A larger buffer makes large messages cheaper.  But a client can also make the
 * server keep that many octets of input while it waits for a decision. */
#define CLIENTS_BUFFER_SIZE 65536

/* How long a client may take to read the last reply and to close (see
 * MAILIN_WANT_CLOSE), in seconds. */
#define LINGER 2

/* The clients that one loop serves. */
struct clients {
	struct loop *loop;
	struct common *common;
	struct connection *first;
	struct connection *gone;    /* they have ended, but have a ticket */
	struct farewell *farewells; /* clients that were refused */
	unsigned farewell_count;
	char buffer[CLIENTS_BUFFER_SIZE]; /* shared by all their reads */
};

/* Serve the client whose socket is fd, or tell it that there are too many
 * clients, and close the socket. */
void mailin_clients_admit(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local,
    struct policy *policy);

/* Let each session end at its next safe point. */
void mailin_clients_shut_down(struct clients *clients);

/* Send each client 421 for a timeout, unless its message is being stored. */
void mailin_clients_time_out(struct clients *clients);

/* Close each connection at once. */
void mailin_clients_drop(struct clients *clients);

/* Free what is left of connections whose tickets never came back. */
void mailin_clients_forget(struct clients *clients);

#endif
