/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/listener.h"
#include "log/log.h"

/* Accept at most this number of clients for one event, so that other events are
 * not delayed. */
#define BURST 32

struct listener {
	struct listener *next;
	struct clients *clients;
	struct netaddr address; /* the clients' local one, unless any */
	bool any;
	bool tls; /* clients speak TLS from their first octet on */
	int fd;
	struct event readable;
	struct event resume; /* fires at the end of a pause */
};

/* No descriptors or no memory are left.  The socket stays readable, so without
 * a pause the loop would do nothing but fail to accept. */
static void
pause_listener(struct listener *listener)
{
	static const struct timeval second = { .tv_sec = 1 };

	log_error("cannot accept clients, waiting a second: %s",
	    strerror(errno));
	event_del(&listener->readable);
	evtimer_add(&listener->resume, &second);
}

static void
on_resume(evutil_socket_t fd, short what, void *argument)
{
	struct listener *listener = argument;

	(void)fd;
	(void)what;
	event_add(&listener->readable, NULL);
}

static void
greet(const struct listener *listener, int client, const struct netaddr *remote)
{
	struct netaddr local = { .len = sizeof local.sock };

	if (!listener->any ||
	    getsockname(client, &local.sock.any, &local.len) != 0)
		local = listener->address;
	clients_admit(listener->clients, client, remote, &local, listener->tls);
}

static void
on_readable(evutil_socket_t fd, short what, void *argument)
{
	struct listener *listener = argument;
	unsigned i;

	(void)what;
	for (i = 0; i < BURST; i++) {
		struct netaddr remote = { .len = sizeof remote.sock };
		int client = accept4(fd, &remote.sock.any, &remote.len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client >= 0) {
			greet(listener, client, &remote);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_listener(listener);
		/* Any other error concerns one client only (accept(2)), or no
		 * client waits.  If more clients wait, the event comes
		 * again. */
		return;
	}
}

static int
open_socket(const struct netaddr *address, bool share)
{
	static const int yes = 1;
	int fd = socket(address->sock.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
	    (!share ||
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) ==
		    0) &&
	    (address->sock.any.sa_family != AF_INET6 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) ==
		    0) &&
	    bind(fd, &address->sock.any, address->len) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
listener_is_free(const struct netaddr *address)
{
	int fd = open_socket(address, false);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Accepted sockets inherit TCP_NODELAY.  The server sends each reply whole, so
 * the kernel need not wait for more octets. */
static bool
listen_at(struct listener *listener, struct netaddr *address)
{
	static const int yes = 1;

	listener->fd = open_socket(address, true);
	if (listener->fd < 0)
		return false;
	(void)setsockopt(listener->fd, IPPROTO_TCP, TCP_NODELAY, &yes,
	    sizeof yes);
	if (listen(listener->fd, SOMAXCONN) == 0 &&
	    getsockname(listener->fd, &address->sock.any, &address->len) == 0)
		return true;
	close(listener->fd);
	return false;
}

bool
listener_open(struct listener **list, struct clients *clients,
    struct endpoint *endpoint)
{
	struct netaddr *address = &endpoint->address;
	struct event_base *base = clients->loop->base;
	struct listener *listener = malloc(sizeof *listener);

	if (listener == NULL)
		return false;
	if (!listen_at(listener, address)) {
		free(listener);
		return false;
	}
	listener->clients = clients;
	listener->address = *address;
	listener->tls = endpoint->tls;
	listener->any = netaddr_is_any(address);
	event_assign(&listener->readable, base, listener->fd,
	    EV_READ | EV_PERSIST, on_readable, listener);
	evtimer_assign(&listener->resume, base, on_resume, listener);
	listener->next = *list;
	*list = listener;
	return event_add(&listener->readable, NULL) == 0;
}

void
listener_close_all(struct listener **list)
{
	while (*list != NULL) {
		struct listener *listener = *list;

		*list = listener->next;
		event_del(&listener->readable);
		event_del(&listener->resume);
		close(listener->fd);
		free(listener);
	}
}
