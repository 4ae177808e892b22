/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "octet/number.h"
#include "relay/place.h"

#define UNIX "unix:"

/* Returns the path in "unix:PATH", or NULL if the text has another form. */
static const char *
path_of(const char *text)
{
	size_t len = sizeof UNIX - 1;

	return strncmp(text, UNIX, len) == 0 ? text + len : NULL;
}

static bool
is_path(const char *path)
{
	return path[0] != '\0' && strlen(path) <= PLACE_PATH_MOST;
}

/* Copy the host in "HOST:PORT", without the brackets around an IPv6 address.
 * Returns the port, or NULL if the text has another form. */
static const char *
split(const char *text, char host[PLACE_HOST_SIZE])
{
	const char *colon = strrchr(text, ':');
	bool is_v6 = text[0] == '[';
	size_t len;
	unsigned port;

	if (colon == NULL || !number_parse(colon + 1, 65535, &port) ||
	    port == 0)
		return NULL;
	len = (size_t)(colon - text);
	if (is_v6 && (len < 2 || text[len - 1] != ']'))
		return NULL;
	text += is_v6;
	len -= is_v6 ? 2 : 0;
	if (len == 0 || len >= PLACE_HOST_SIZE)
		return NULL;
	memcpy(host, text, len);
	host[len] = '\0';
	return colon + 1;
}

bool
place_is_valid(const char *text)
{
	static const char v6[] = "0123456789abcdefABCDEF:.";
	static const char name[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
	char host[PLACE_HOST_SIZE];

	if (path_of(text) != NULL)
		return is_path(path_of(text));
	return split(text, host) != NULL &&
	    host[strspn(host, text[0] == '[' ? v6 : name)] == '\0';
}

void
place_host(const char *text, char host[PLACE_HOST_SIZE])
{
	host[0] = '\0';
	if (path_of(text) == NULL)
		(void)split(text, host);
}

static const char *
find_path(const char *path, struct place **places, size_t *count)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	*places = calloc(1, sizeof **places);
	if (*places == NULL)
		return "no memory";
	*count = 1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	memcpy(&(*places)->address, &address, sizeof address);
	(*places)->len = sizeof address;
	return NULL;
}

static const char *
copy_list(const struct addrinfo *list, struct place **places, size_t *count)
{
	const struct addrinfo *item;
	size_t i = 0;

	for (item = list; item != NULL; item = item->ai_next)
		i++;
	*places = calloc(i, sizeof **places);
	if (*places == NULL)
		return "no memory";
	*count = i;
	for (item = list, i = 0; item != NULL; item = item->ai_next, i++) {
		memcpy(&(*places)[i].address, item->ai_addr, item->ai_addrlen);
		(*places)[i].len = item->ai_addrlen;
	}
	return NULL;
}

const char *
place_find(const char *text, struct place **places, size_t *count)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV };
	struct addrinfo *list;
	char host[PLACE_HOST_SIZE];
	const char *port, *fault;
	int error;

	if (path_of(text) != NULL)
		return find_path(path_of(text), places, count);
	port = split(text, host);
	error = getaddrinfo(host, port, &hints, &list);
	if (error != 0)
		return gai_strerror(error);
	fault = copy_list(list, places, count);
	freeaddrinfo(list);
	return fault;
}

bool
place_is_here(const struct place *place)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	switch (place->address.ss_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
		memcpy(&v4, &place->address, sizeof v4);
		return ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	case AF_INET6:
		memcpy(&v6, &place->address, sizeof v6);
		return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
	default:
		return false;
	}
}
