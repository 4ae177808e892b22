/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TRANSPORT_H
#define MAILIN_SERVER_TRANSPORT_H

#include <stddef.h>

#include "event/tls.h"

/* What brings octets to and from a client: in clear, or inside TLS.  No octet
 * is kept here that was read in clear, so none is taken for the other kind. */
struct transport {
	int fd;          /* does not block */
	struct tls *tls; /* NULL: in clear */
	bool peeks;      /* in clear: recv leaves the octets in the socket, so
	                      that TLS finds those that were not taken */
};

/* From here on TLS; the handshake comes first.  False: no memory. */
bool transport_start_tls(struct transport *transport,
    const struct tls_context *context);

/* Read at most size octets, TLS_RECORD_SIZE or more; *len is how many, 0 at the
 * end of input. */
enum io transport_recv(struct transport *transport, char *room, size_t size,
    size_t *len);

/* Take so many octets of what recv has shown out of the socket. */
bool transport_take(const struct transport *transport, size_t len);

/* Send some of these octets; *sent is how many. */
enum io transport_send(struct transport *transport, const char *octets,
    size_t len, size_t *sent);

/* All is sent: tell the client, and leave TLS.  What is still received is only
 * good for dropping. */
enum io transport_finish(struct transport *transport);

/* The same in a handshake that failed. */
enum io transport_leave_tls(struct transport *transport);

void transport_close(struct transport *transport);

#endif
