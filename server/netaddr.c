/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "netaddr.h"
#include "number.h"

/* Cut "host:port" in two and take the brackets off the host. */
static bool
split(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');

	if (colon == NULL || colon == text)
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	if (text[0] != '[')
		return strchr(text, ':') == NULL;
	if (colon[-1] != ']')
		return false;
	colon[-1] = '\0';
	*host = text + 1;
	return true;
}

bool
netaddr_parse(struct netaddr *address, const char *text)
{
	char copy[NETADDR_TEXT_SIZE], *host, *port;
	unsigned number;

	if (strlen(text) >= sizeof copy)
		return false;
	strcpy(copy, text);
	if (!split(copy, &host, &port) || !number_parse(port, 65535, &number))
		return false;
	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, host, &address->sock.v4.sin_addr) == 1) {
		address->sock.v4.sin_family = AF_INET;
		address->sock.v4.sin_port = htons((in_port_t)number);
		address->len = sizeof address->sock.v4;
		return true;
	}
	if (inet_pton(AF_INET6, host, &address->sock.v6.sin6_addr) == 1) {
		address->sock.v6.sin6_family = AF_INET6;
		address->sock.v6.sin6_port = htons((in_port_t)number);
		address->len = sizeof address->sock.v6;
		return true;
	}
	return false;
}

unsigned
netaddr_host(const struct netaddr *address, char *out, size_t room)
{
	const void *host;
	unsigned port;

	out[0] = '\0';
	switch (address->sock.any.sa_family) {
	case AF_INET:
		host = &address->sock.v4.sin_addr;
		port = ntohs(address->sock.v4.sin_port);
		break;
	case AF_INET6:
		host = &address->sock.v6.sin6_addr;
		port = ntohs(address->sock.v6.sin6_port);
		break;
	default:
		return 0;
	}
	inet_ntop(address->sock.any.sa_family, host, out, (socklen_t)room);
	return port;
}

void
netaddr_text(const struct netaddr *address, char *out, size_t room)
{
	char host[NETADDR_HOST_SIZE];
	unsigned port = netaddr_host(address, host, sizeof host);

	snprintf(out, room, "%s%s%s:%u",
	    strchr(host, ':') != NULL ? "[" : "", host,
	    strchr(host, ':') != NULL ? "]" : "", port);
}
