/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PLACE_H
#define MAILIN_SERVER_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

/* The maximum length of a path, in octets. */
#define PLACE_PATH_MOST (sizeof((struct sockaddr_un *)NULL)->sun_path - 1)

/* Room for the longest host name (RFC 1035 2.3.4), with its NUL. */
#define PLACE_HOST_SIZE 256

/* An address to which a socket can be connected. */
struct place {
	struct sockaddr_storage address;
	socklen_t len;
};

/* Returns true if the text says where a server is: "HOST:PORT", "[IPv6]:PORT"
 * or "unix:PATH".  Looks up no name. */
bool place_is_valid(const char *text);

/* Copy the host of a valid text, without the brackets around an IPv6 address.
 * It is empty for "unix:PATH". */
void place_host(const char *text, char host[PLACE_HOST_SIZE]);

/* Find the addresses of a valid text.  A name is looked up, which may take
 * long.  If there is an address, returns NULL, and the caller must free
 * *places.  Otherwise returns the reason. */
const char *place_find(const char *text, struct place **places, size_t *count);

/* Returns true if octets for this address stay on this machine. */
bool place_is_here(const struct place *place);

#endif
