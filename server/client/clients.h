/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CLIENTS_H
#define MAILIN_SERVER_CLIENTS_H

#include "event/loop.h"
#include "settings/netaddr.h"
#include "receive/service.h"

/* More makes large messages cheaper, but is also what a client can have kept
 * of it while it waits for a decision. */
#define CLIENTS_BUFFER_SIZE 65536

/* The clients that one loop serves from their first octet to their last. */
struct clients {
	struct loop *loop;
	struct service *service;
	struct connection *first;
	char buffer[CLIENTS_BUFFER_SIZE]; /* for each read in
	                                                   turn */
};

/* Serve the client behind fd, or tell it that there are too many.  tls: it
 * speaks TLS from its first octet on. */
void clients_admit(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local, bool tls);

/* Let each session end at its next safe point. */
void clients_shut_down(struct clients *clients);

/* Tell each that its time is over, unless its message is being stored. */
void clients_time_out(struct clients *clients);

/* End each at once. */
void clients_drop(struct clients *clients);

#endif
