/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LISTENER_H
#define MAILIN_SERVER_LISTENER_H

#include <stdbool.h>

#include "netaddr.h"

struct loop;

/*
 * Listen at address in each of the loops, which thereby share the clients
 * (SO_REUSEPORT).  A port 0 in address is replaced by the one that was free.
 * False, with the reason on stderr, if that is impossible.
 */
bool listener_open_all(struct loop *loops, unsigned count,
    struct netaddr *address);

/* Stop listening in this loop. */
void listener_close_all(struct loop *loop);

#endif
