/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_NETADDR_H
#define MAILIN_EVENT_NETADDR_H

#include <sys/socket.h>

#include <netinet/in.h>
#include <stdbool.h>

#include <mailin/span.h>

/* One end of a connection: an IP address and a port. */
struct netaddr {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} sock;
	socklen_t len;
	/* True: the address means all addresses of the machine, IPv6 and IPv4.
	 * The union then has the wildcard address of IPv6. */
	bool both;
};

/* The sizes of the longest texts that mailin_netaddr_host and
 * mailin_netaddr_text write, with the NUL. */
#define NETADDR_HOST_SIZE INET6_ADDRSTRLEN
#define NETADDR_TEXT_SIZE (NETADDR_HOST_SIZE + sizeof "[]:65535")

/* Read an address with a port, such as "192.0.2.1:25" or "[2001:db8::1]:25".
 * "*:25" and "25" mean all addresses.  Returns false for any other text. */
bool mailin_netaddr_parse(struct netaddr *address, const char *text);

/* Read "192.0.2.1" or "2001:db8::1", the forms that a session uses.  The port
 * becomes 0.  Returns false for any other text. */
bool mailin_netaddr_read_host(struct netaddr *address, struct mailin_span host);

/* Write the address and the port in the form that mailin_netaddr_parse
 * reads. */
void mailin_netaddr_text(const struct netaddr *address, char *out, size_t room);

/* Write "192.0.2.1" or "2001:db8::1" into "out", which has NETADDR_HOST_SIZE
 * octets.  Returns the port.  If the address is no IP address, writes "" and
 * returns 0.  An IPv4 client of an IPv6 socket (::ffff:192.0.2.1) is written as
 * IPv4. */
unsigned mailin_netaddr_host(const struct netaddr *address, char *out);

/* Change an address that means all IPv6 and IPv4 addresses, so that it means
 * only all IPv4 addresses. */
void mailin_netaddr_only_v4(struct netaddr *address);

/* Returns true for the wildcard address, such as 0.0.0.0. */
bool mailin_netaddr_is_any(const struct netaddr *address);

#endif
