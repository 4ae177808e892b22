/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "client/address_key.h"

struct address_key
mailin_address_key(const struct netaddr *client)
{
	const struct in6_addr *v6 = &client->sock.v6.sin6_addr;
	struct address_key key = { .family = client->sock.any.sa_family };

	if (key.family == AF_INET) {
		memcpy(key.octets, &client->sock.v4.sin_addr, 4);
	} else if (key.family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(v6)) {
		key.family = AF_INET;
		memcpy(key.octets, v6->s6_addr + 12, 4);
	} else if (key.family == AF_INET6) {
		memcpy(key.octets, v6->s6_addr, 8);
	}
	return key;
}

bool
mailin_address_key_equal(const struct address_key *a,
    const struct address_key *b)
{
	return a->family == b->family &&
	    memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

struct address_key
mailin_address_key_crowd(const struct address_key *key)
{
	struct address_key crowd = { .family = key->family };

	memcpy(crowd.octets, key->octets, key->family == AF_INET6 ? 4 : 2);
	return crowd;
}
