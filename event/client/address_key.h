/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_ADDRESS_KEY_H
#define MAILIN_EVENT_ADDRESS_KEY_H

#include "io/netaddr.h"

/* A key identifies what counts as one address.  That is an IPv4 address, or an
 * IPv6 network with a prefix of 64 bits, because a provider usually gives each
 * customer such a network as a whole. */
struct address_key {
	int family;
	unsigned char octets[8]; /* AF_INET uses the first 4 */
};

/* Returns the key of a client.  An IPv4 client of an IPv6 socket counts as an
 * IPv4 client (RFC 4291 2.5.5.2). */
struct address_key mailin_address_key(const struct netaddr *client);

bool mailin_address_key_equal(const struct address_key *a,
    const struct address_key *b);

/* Returns the key of the larger network around the address: the first 32 bits
 * of an IPv6 address, or the first 16 bits of an IPv4 address. */
struct address_key mailin_address_key_crowd(const struct address_key *key);

#endif
