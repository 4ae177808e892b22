/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_ADDRESSES_H
#define MAILIN_EVENT_ADDRESSES_H

#include <pthread.h>
#include <stdbool.h>

#include "client/address_key.h"

#define ADDRESS_BUCKETS 256

/*
 * Counts the clients that each address has at the moment.  An address here is
 * an IPv4 address, or an IPv6 network with a prefix of 64 bits (address_key.h).
 * Only an address with a client has an entry, so there are never more entries
 * than clients.
 */
struct addresses {
	pthread_mutex_t lock;
	struct address *buckets[ADDRESS_BUCKETS];
};

void mailin_addresses_init(struct addresses *addresses);

/* Call when no client is counted. */
void mailin_addresses_end(struct addresses *addresses);

/* Count one more client of the address, and return the address's entry.
 * Returns NULL if the address has "most" clients already (then *full is true),
 * or if there is no memory (then *full is false).  May be called in any
 * thread. */
struct address *mailin_addresses_enter(struct addresses *addresses,
    const struct netaddr *client, unsigned most, bool *full);

/* Call when a client of the address has gone.  Subtracts one from the address's
 * count, and frees its entry at zero.  May be called in any thread. */
void mailin_addresses_leave(struct addresses *addresses,
    struct address *address);

#endif
