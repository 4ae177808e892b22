/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TRANSPORT_H
#define MAILIN_EVENT_TRANSPORT_H

#include <stddef.h>

#include "io/tls.h"

/* Sends and receives the octets of a client, in clear or inside TLS.  A
 * transport keeps no octet that it has read in clear, so no such octet can be
 * taken for one that came inside TLS. */
struct transport {
	int fd;          /* a socket that does not block */
	struct tls *tls; /* NULL: in clear */
	/* True: mailin_transport_recv leaves octets in clear in the socket, and
	 * mailin_transport_take removes some of them.  TLS then reads the
	 * octets that are left. */
	bool peeks;
};

/* Use TLS from now on, beginning with the handshake; scope is as in
 * mailin_tls_new.  Returns false if there is no memory. */
bool mailin_transport_start_tls(struct transport *transport,
    const struct mailin_tls_context *context, uint64_t scope);

/* Read at most size octets; size must be at least TLS_RECORD_SIZE.  Sets *len
 * to the number of octets that were read; 0 means the end of the input. */
enum io mailin_transport_recv(struct transport *transport, char *room,
    size_t size, size_t *len);

/* Discard the next len octets of the input, which mailin_transport_recv has
 * returned but left in the socket. */
bool mailin_transport_take(const struct transport *transport, size_t len);

/* Send some of the octets.  Sets *sent to their number. */
enum io mailin_transport_send(struct transport *transport, const char *octets,
    size_t len, size_t *sent);

/* Call when all output is sent.  Tells the client that no more output comes,
 * and leaves TLS.  Later input can only be dropped. */
enum io mailin_transport_finish(struct transport *transport);

/* Leave TLS after a failed handshake.  Later input can only be dropped. */
enum io mailin_transport_leave_tls(struct transport *transport);

void mailin_transport_close(struct transport *transport);

#endif
