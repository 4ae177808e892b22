/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <arpa/inet.h>
#include <string.h>

#include "io/network.h"
#include "octet/number.h"

static bool
bit(const struct mailin_network *network, unsigned i)
{
	return (network->octets[i / 8] >> (7 - i % 8) & 1) != 0;
}

/* If the network holds IPv4-mapped IPv6 addresses (RFC 4291 2.5.5.2), turn it
 * into the IPv4 network: host_of does the same to the addresses of clients. */
static void
make_v4(struct mailin_network *network)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (network->family != AF_INET6 || network->bits < 8 * sizeof mapped ||
	    memcmp(network->octets, mapped, sizeof mapped) != 0)
		return;
	network->family = AF_INET;
	network->bits -= 8 * (unsigned)sizeof mapped;
	memmove(network->octets, network->octets + sizeof mapped, 4);
}

bool
mailin_network_parse(struct mailin_network *network, const char *text)
{
	char host[NETADDR_HOST_SIZE];
	struct mailin_network read;
	size_t len;
	unsigned size, i;

	if (text == NULL || network == NULL)
		return false;
	len = strcspn(text, "/");
	if (len >= sizeof host)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	read = (struct mailin_network){
		.family = strchr(host, ':') != NULL ? AF_INET6 : AF_INET,
	};
	if (inet_pton(read.family, host, read.octets) != 1)
		return false;
	size = read.family == AF_INET ? 32 : 128;
	read.bits = size;
	if (text[len] == '/' && !number_parse(text + len + 1, size, &read.bits))
		return false;
	for (i = read.bits; i < size; i++)
		if (bit(&read, i))
			return false;
	make_v4(&read);
	*network = read;
	return true;
}

/* Returns a network that has only the address of this client.  An IPv4 client
 * of an IPv6 socket (which inetd may pass on) becomes an IPv4 client (RFC 4291
 * 2.5.5.2). */
static struct mailin_network
host_of(const struct netaddr *address)
{
	const struct in6_addr *v6 = &address->sock.v6.sin6_addr;
	struct mailin_network host = { .family = address->sock.any.sa_family };

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
mailin_networks_have(const struct mailin_network *networks, size_t count,
    const struct netaddr *address)
{
	const struct mailin_network host = host_of(address);
	size_t i;

	for (i = 0; i < count; i++) {
		const struct mailin_network *network = &networks[i];
		unsigned same = 0;

		/* The program may have filled in a wrong network itself,
		 * without mailin_network_parse: skip such a network. */
		if (network->family != host.family ||
		    network->bits > (host.family == AF_INET ? 32 : 128))
			continue;
		while (same < network->bits &&
		    bit(network, same) == bit(&host, same))
			same++;
		if (same == network->bits)
			return true;
	}
	return false;
}
