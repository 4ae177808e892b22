/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <arpa/inet.h>
#include <string.h>

#include "io/cidr.h"
#include "io/number.h"

static bool
bit(const struct cidr *cidr, unsigned i)
{
	return (cidr->octets[i / 8] >> (7 - i % 8) & 1) != 0;
}

/* Turn a network of IPv4-mapped IPv6 addresses (RFC 4291 2.5.5.2) into the IPv4
 * network: host_of turns clients into IPv4 ones, too. */
static void
make_v4(struct cidr *cidr)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (cidr->family != AF_INET6 || cidr->bits < 8 * sizeof mapped ||
	    memcmp(cidr->octets, mapped, sizeof mapped) != 0)
		return;
	cidr->family = AF_INET;
	cidr->bits -= 8 * (unsigned)sizeof mapped;
	memmove(cidr->octets, cidr->octets + sizeof mapped, 4);
}

bool
cidr_parse(struct cidr *cidr, const char *text)
{
	char host[NETADDR_HOST_SIZE];
	size_t len = strcspn(text, "/");
	unsigned size, i;

	if (len >= sizeof host)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	*cidr = (struct cidr){
		.family = strchr(host, ':') != NULL ? AF_INET6 : AF_INET,
	};
	if (inet_pton(cidr->family, host, cidr->octets) != 1)
		return false;
	size = cidr->family == AF_INET ? 32 : 128;
	cidr->bits = size;
	if (text[len] == '/' &&
	    !number_parse(text + len + 1, size, &cidr->bits))
		return false;
	for (i = cidr->bits; i < size; i++)
		if (bit(cidr, i))
			return false;
	make_v4(cidr);
	return true;
}

/* Returns the address of a client.  An IPv4 client of an IPv6 socket, such as
 * inetd may hand over, becomes an IPv4 client (RFC 4291 2.5.5.2). */
static struct cidr
host_of(const struct netaddr *address)
{
	const struct in6_addr *v6 = &address->sock.v6.sin6_addr;
	struct cidr host = { .family = address->sock.any.sa_family };

	if (host.family == AF_INET) {
		memcpy(host.octets, &address->sock.v4.sin_addr, 4);
	} else if (host.family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(v6)) {
		host.family = AF_INET;
		memcpy(host.octets, v6->s6_addr + 12, 4);
	} else if (host.family == AF_INET6) {
		memcpy(host.octets, v6->s6_addr, 16);
	}
	return host;
}

bool
cidr_list_has(const struct cidr_list *list, const struct netaddr *address)
{
	const struct cidr host = host_of(address);
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct cidr *network = &list->networks[i];
		unsigned same = 0;

		if (network->family != host.family)
			continue;
		while (same < network->bits &&
		    bit(network, same) == bit(&host, same))
			same++;
		if (same == network->bits)
			return true;
	}
	return false;
}
