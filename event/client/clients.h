/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_CLIENTS_H
#define MAILIN_EVENT_CLIENTS_H

#include "client/common.h"
#include "client/policy.h"
#include "io/loop.h"
#include "io/netaddr.h"

/* The size of the buffer for input.  A larger buffer makes large messages
 * cheaper.  But while a decision is pending, the server may have to keep that
 * many octets of the client's input. */
#define CLIENTS_BUFFER_SIZE 65536

/* The seconds that a client has to read the last reply and to close the
 * connection (MAILIN_WANT_CLOSE). */
#define LINGER 2

/* The clients that one loop serves. */
struct clients {
	struct loop *loop;
	struct common *common;
	struct connection *first;
	struct connection *gone;    /* ended connections to which a ticket still
				       refers */
	struct farewell *farewells; /* refused clients that are still open */
	char buffer[CLIENTS_BUFFER_SIZE]; /* for the input of all clients */
};

/* Serve the client whose socket is fd.  If that is impossible, for example
 * because there are too many clients, send the client a refusal and close the
 * socket. */
void mailin_clients_admit(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local,
    struct policy *policy);

/* Let each session end as soon as it can do so safely. */
void mailin_clients_shut_down(struct clients *clients);

/* Send each client 421 for a timeout, unless its message is being stored. */
void mailin_clients_time_out(struct clients *clients);

/* Close each connection at once. */
void mailin_clients_drop(struct clients *clients);

/* Free the ended connections to which tickets (client/ticket.c) still refer.
 * Call at the end of the server, when no ticket can come back any more. */
void mailin_clients_forget(struct clients *clients);

#endif
