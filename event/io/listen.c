/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/listen.h"
#include "octet/number.h"

/* On FreeBSD only this option spreads clients over all sockets of a port.  On
 * Linux SO_REUSEPORT does so, but it means something else on FreeBSD. */
#ifdef SO_REUSEPORT_LB
#define SHARE_PORT SO_REUSEPORT_LB
#else
#define SHARE_PORT SO_REUSEPORT
#endif

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
		setsockopt(fd, SOL_SOCKET, SHARE_PORT, &yes, sizeof yes) ==
		    0) &&
	    (address->sock.any.sa_family != AF_INET6 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6,
		    sizeof only_v6) == 0) &&
	    bind(fd, &address->sock.any, address->len) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Returns true if the error means that the machine does not support IPv6, or
 * has no IPv6 address at present. */
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

/* Set TCP_NODELAY, which accepted sockets inherit.  The server sends each reply
 * as a whole, so the kernel need not wait for more octets. */
static void
send_at_once(int fd)
{
	static const int yes = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int
mailin_listen_at(struct netaddr *address)
{
	int fd = open_socket(address, true), error;

	if (fd < 0)
		return -1;
	send_at_once(fd);
	if (listen(fd, SOMAXCONN) == 0 &&
	    getsockname(fd, &address->sock.any, &address->len) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

bool
mailin_listen_parse(const char *text, int *fd)
{
	unsigned number;

	if (strncmp(text, "fd:", 3) != 0 ||
	    !number_parse(text + 3, INT_MAX, &number))
		return false;
	*fd = (int)number;
	return true;
}

static int
option_of(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof value;

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value : -1;
}

/* Returns true if the socket listens for streams over IP, and sets *address.
 * Otherwise returns false with errno. */
static bool
is_useful(int fd, struct netaddr *address)
{
	int type = option_of(fd, SO_TYPE);

	memset(address, 0, sizeof *address);
	address->len = sizeof address->sock;
	if (type < 0 || getsockname(fd, &address->sock.any, &address->len) != 0)
		return false;
	errno = EAFNOSUPPORT;
	if (address->sock.any.sa_family != AF_INET &&
	    address->sock.any.sa_family != AF_INET6)
		return false;
	errno = EINVAL;
	return type == SOCK_STREAM && option_of(fd, SO_ACCEPTCONN) == 1;
}

int
mailin_listen_copy(int fd, struct netaddr *address)
{
	int copy, flags;

	if (!is_useful(fd, address))
		return -1;
	flags = fcntl(fd, F_GETFL);
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (copy < 0)
		return -1;
	/* The loops accept from copies of one socket, which share its flags.
	 * No loop may block, so make the socket non-blocking. */
	(void)fcntl(copy, F_SETFL, flags | O_NONBLOCK);
	send_at_once(copy);
	return copy;
}
