/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_NETWORK_H
#define MAILIN_EVENT_NETWORK_H

#include <stddef.h>

#include <mailin/event.h>

#include "io/netaddr.h"

/* Returns true if the address is in one of the networks.  The port does not
 * matter. */
bool mailin_networks_have(const struct mailin_network *networks, size_t count,
    const struct netaddr *address);

#endif
