/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "metrics/http_address.h"
#include "octet/number.h"

static int
set_host(struct sockaddr_storage *address, const char *host, unsigned port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons((in_port_t)port) };

	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		memcpy(address, &v4, sizeof v4);
		return sizeof v4;
	}
	if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
		memcpy(address, &v6, sizeof v6);
		return sizeof v6;
	}
	return 0;
}

int
http_address_parse(const char *text, struct sockaddr_storage *address)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	char host[INET6_ADDRSTRLEN];
	unsigned port;

	if (!number_parse(colon != NULL ? colon + 1 : text, 65535, &port))
		return 0;
	if (colon == NULL)
		return set_host(address, "127.0.0.1", port);
	if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	} else if (memchr(text, ':', len) != NULL) {
		return 0;
	}
	if (len >= sizeof host)
		return 0;
	memcpy(host, text, len);
	host[len] = '\0';
	return set_host(address, host, port);
}
