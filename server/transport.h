/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TRANSPORT_H
#define MAILIN_SERVER_TRANSPORT_H

#include <stddef.h>

#include "io.h"

/* What brings octets to and from a client. */
struct transport {
	int fd; /* does not block */
};

/* Read at most size octets, which is not 0; *len is how many, 0 at the end of
 * input. */
enum io transport_recv(struct transport *transport, char *room, size_t size,
    size_t *len);

/* Send some of these octets; *sent is how many. */
enum io transport_send(struct transport *transport, const char *octets,
    size_t len, size_t *sent);

/* No more will be sent; what is still received is only good for dropping. */
enum io transport_finish(struct transport *transport);

void transport_close(struct transport *transport);

#endif
