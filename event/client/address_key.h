/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_ADDRESS_KEY_H
#define MAILIN_EVENT_ADDRESS_KEY_H

#include "io/netaddr.h"

/* By this the clients of one owner are counted together: an IPv4 address, or an
 * IPv6 network of 64 bits, which one customer of a provider has for himself. */
struct address_key {
	int family;
	unsigned char octets[8]; /* AF_INET uses the first 4 */
};

/* An IPv4 client of an IPv6 socket is an IPv4 client (RFC 4291 2.5.5.2). */
struct address_key mailin_address_key(const struct netaddr *client);

bool mailin_address_key_equal(const struct address_key *a,
    const struct address_key *b);

/* Returns the key of the network around the address: 32 bits of IPv6, 16 bits
 * of IPv4. */
struct address_key mailin_address_key_crowd(const struct address_key *key);

#endif
