/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "listener.h"
#include "log.h"
#include "loop.h"

/* How many clients one event accepts, before others have their turn. */
#define BURST 32

struct listener {
	struct listener *next;
	struct loop     *loop;
	int              fd;
	struct event     readable;
	struct event     resume;    /* after a pause */
};

/* Out of descriptors or memory.  The socket stays readable, so that without a
 * pause the loop would do nothing but fail to accept. */
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
on_readable(evutil_socket_t fd, short what, void *argument)
{
	struct listener *listener = argument;
	unsigned i;

	(void)what;
	for (i = 0; i < BURST; i++) {
		int client = accept4(fd, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client >= 0) {
			connection_open(listener->loop, client);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_listener(listener);
		/* All else concerns one client (accept(2)), or there is none:
		 * the event comes again if there are more. */
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
	    (!share || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes,
	    sizeof yes) == 0) &&
	    (address->sock.any.sa_family != AF_INET6 || setsockopt(fd,
	    IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == 0) &&
	    bind(fd, &address->sock.any, address->len) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Another server of the same user that shares its port too would take a part
 * of the clients unnoticed: only a socket that does not share finds it. */
static bool
is_free(const struct netaddr *address)
{
	int fd = open_socket(address, false);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool
open_one(struct loop *loop, struct netaddr *address)
{
	struct listener *listener = malloc(sizeof *listener);

	if (listener == NULL)
		return false;
	listener->loop = loop;
	listener->fd = open_socket(address, true);
	if (listener->fd < 0 || listen(listener->fd, SOMAXCONN) != 0 ||
	    getsockname(listener->fd, &address->sock.any,
	    &address->len) != 0) {
		if (listener->fd >= 0)
			close(listener->fd);
		free(listener);
		return false;
	}
	event_assign(&listener->readable, loop->base, listener->fd,
	    EV_READ | EV_PERSIST, on_readable, listener);
	evtimer_assign(&listener->resume, loop->base, on_resume, listener);
	listener->next = loop->listeners;
	loop->listeners = listener;
	return event_add(&listener->readable, NULL) == 0;
}

bool
listener_open_all(struct loop *loops, unsigned count, struct netaddr *address)
{
	char text[NETADDR_TEXT_SIZE];
	bool good = is_free(address);
	unsigned i;

	for (i = 0; good && i < count; i++)
		good = open_one(&loops[i], address);
	if (good)
		return true;
	netaddr_text(address, text, sizeof text);
	log_error("cannot listen on %s: %s", text, strerror(errno));
	return false;
}

void
listener_close_all(struct loop *loop)
{
	while (loop->listeners != NULL) {
		struct listener *listener = loop->listeners;

		loop->listeners = listener->next;
		event_del(&listener->readable);
		event_del(&listener->resume);
		close(listener->fd);
		free(listener);
	}
}
