/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LISTENER_H
#define MAILIN_SERVER_LISTENER_H

#include <stdbool.h>

#include "client/clients.h"

struct listener;

/* Returns true if no other server listens at address.  A server of the same
 * user may share the port with SO_REUSEPORT, and would then take some of the
 * clients unnoticed. */
bool listener_is_free(const struct netaddr *address);

/*
 * Listen at the endpoint for these clients, and add the listener to the front
 * of the list.  Other listeners of this process may use the same endpoint; the
 * kernel then spreads the clients over them (SO_REUSEPORT).  If the port is 0,
 * it is replaced by the free port that the kernel chose.  Returns false, with
 * errno, if listening is impossible.
 */
bool listener_open(struct listener **list, struct clients *clients,
    struct endpoint *endpoint);

void listener_close_all(struct listener **list);

#endif
