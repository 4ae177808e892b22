/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CIDR_H
#define MAILIN_SERVER_CIDR_H

#include <stddef.h>

#include "io/netaddr.h"

/* A network: all addresses that begin with the same bits (RFC 4632, RFC 4291
 * 2.3). */
struct cidr {
	int family;               /* AF_INET, AF_INET6 */
	unsigned char octets[16]; /* AF_INET uses the first 4 */
	unsigned bits;
};

struct cidr_list {
	struct cidr *networks;
	size_t count;
};

/* Read "192.0.2.0/24" or "2001:db8::/32".  A text without a slash is one
 * address.  "::ffff:192.0.2.0/120" is the IPv4 network 192.0.2.0/24.  Returns
 * false for a wrong text. 192.0.2.1/24 is wrong, too: all bits after the prefix
 * must be 0, since otherwise it is unclear whether the address or the network
 * is meant. */
bool cidr_parse(struct cidr *cidr, const char *text);

/* Returns true if one of the networks has the address.  The port does not
 * matter. */
bool cidr_list_has(const struct cidr_list *list, const struct netaddr *address);

#endif
