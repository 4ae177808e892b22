/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CLIENTS_H
#define MAILIN_SERVER_CLIENTS_H

#include "io/loop.h"
#include "io/netaddr.h"
#include "receive/service.h"

/* A larger buffer makes large messages cheaper.  But a client can also make the
 * server keep that many octets of input while it waits for a decision. */
#define CLIENTS_BUFFER_SIZE 65536

/* The clients that one loop serves. */
struct clients {
	struct loop *loop;
	struct service *service;
	struct connection *first;
	char buffer[CLIENTS_BUFFER_SIZE]; /* shared by all their reads */
};

/* Serve the client whose socket is fd, or tell it that there are too many
 * clients, and close the socket.  If tls, the client speaks TLS from its first
 * octet on. */
void clients_admit(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local, bool tls);

/* Let each session end at its next safe point. */
void clients_shut_down(struct clients *clients);

/* Send each client 421 for a timeout, unless its message is being stored. */
void clients_time_out(struct clients *clients);

/* Close each connection at once. */
void clients_drop(struct clients *clients);

#endif
