/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LISTENER_H
#define MAILIN_SERVER_LISTENER_H

#include <stdbool.h>

#include "client/clients.h"

struct listener;

/* Could one listen at address alone?  Another server of the same user that
 * shares its port too would take a part of the clients unnoticed. */
bool listener_is_free(const struct netaddr *address);

/*
 * Listen there for these clients, and put the listener in front of the
 * list.  Others of this process may do the same for theirs, and the clients
 * are shared (SO_REUSEPORT).  A port 0 in it is replaced by the one that
 * was free.  False, with errno, if that is impossible.
 */
bool listener_open(struct listener **list, struct clients *clients,
    struct endpoint *endpoint);

void listener_close_all(struct listener **list);

#endif
