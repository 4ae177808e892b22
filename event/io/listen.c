/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "io/listen.h"

static int
open_socket(const struct netaddr *address, bool share)
{
	static const int yes = 1;
	const int only_v6 = !address->both;
	int fd = socket(address->sock.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
	    (!share ||
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) ==
		    0) &&
	    (address->sock.any.sa_family != AF_INET6 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6,
		    sizeof only_v6) == 0) &&
	    bind(fd, &address->sock.any, address->len) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Returns true if the machine has no IPv6, or has none at present. */
static bool
lacks_v6(int error)
{
	return error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
}

bool
mailin_listen_is_free(struct netaddr *address)
{
	int fd = open_socket(address, false);

	if (fd < 0 && address->both && lacks_v6(errno)) {
		mailin_netaddr_only_v4(address);
		fd = open_socket(address, false);
	}
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Accepted sockets inherit TCP_NODELAY.  The server sends each reply whole, so
 * the kernel need not wait for more octets. */
int
mailin_listen_at(struct netaddr *address)
{
	static const int yes = 1;
	int fd = open_socket(address, true), error;

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (listen(fd, SOMAXCONN) == 0 &&
	    getsockname(fd, &address->sock.any, &address->len) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
