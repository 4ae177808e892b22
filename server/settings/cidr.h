/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CIDR_H
#define MAILIN_SERVER_CIDR_H

#include <stddef.h>

#include "settings/netaddr.h"

/* A network: the addresses that begin with the same bits (RFC 4632, RFC
 * 4291 2.3). */
struct cidr {
	int family;               /* AF_INET, AF_INET6 */
	unsigned char octets[16]; /* the first 4 of them for AF_INET */
	unsigned bits;
};

struct cidr_list {
	struct cidr *networks;
	size_t count;
};

/* Read "192.0.2.0/24" or "2001:db8::/32"; without a slash it is the one
 * address.  "::ffff:192.0.2.0/120" is the IPv4 network 192.0.2.0/24.  False
 * also for bits set after the prefix, as in 192.0.2.1/24: was the address
 * meant, or the network? */
bool cidr_parse(struct cidr *cidr, const char *text);

/* Is the address in one of them?  Its port does not matter. */
bool cidr_list_has(const struct cidr_list *list, const struct netaddr *address);

#endif
