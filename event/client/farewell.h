/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_FAREWELL_H
#define MAILIN_EVENT_FAREWELL_H

#include "client/clients.h"

/*
 * Sends a refused client its last reply.  If its socket were closed while
 * octets of the client are unread or on their way, the kernel would reset the
 * connection, and the client could lose the reply.  So the sending side is shut
 * down first, and the octets of the client are dropped for a while.
 */

/* Send the text as the last reply, and close fd a little later. */
void mailin_farewell(struct clients *clients, int fd, const char *text,
    size_t len);

/* Close the sockets of all refused clients at once.  Returns true if there was
 * one. */
bool mailin_farewells_end(struct clients *clients);

#endif
