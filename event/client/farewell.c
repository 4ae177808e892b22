/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/farewell.h"
#include "io/deadline.h"
#include "octet/wipe.h"

/* The maximum number of octets that are read from a refused client and
 * dropped. */
#define MOST_OCTETS 65536

struct farewell {
	struct farewell *next, **link; /* in the list of the loop */
	struct clients *clients;
	int fd;
	size_t left; /* octets that may still be read */
	struct event ready;
	struct deadline deadline;
};

/* Take a place for a refused client.  Returns false if all are taken.  The
 * places are few, so that refused clients leave enough descriptors for the
 * clients that are served. */
static bool
take_place(struct common *common)
{
	unsigned clients = atomic_load(&common->max_connections);

	if (atomic_fetch_add(&common->farewells, 1) <
	    MAILIN_REFUSED_MOST(clients))
		return true;
	atomic_fetch_sub(&common->farewells, 1);
	return false;
}

static void
leave_place(struct common *common)
{
	atomic_fetch_sub(&common->farewells, 1);
}

/* Drop the octets that have come.  Returns false if the socket can be
 * closed. */
static bool
drop_input(int fd, size_t *left)
{
	char room[4096];
	size_t size = *left < sizeof room ? *left : sizeof room;
	ssize_t n = recv(fd, room, size, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ||
		    errno == EINTR;
	wipe(room, (size_t)n);
	*left -= (size_t)n;
	return n > 0 && *left > 0;
}

static void
end(struct farewell *farewell)
{
	event_del(&farewell->ready);
	mailin_deadline_end(&farewell->deadline);
	close(farewell->fd);
	*farewell->link = farewell->next;
	if (farewell->next != NULL)
		farewell->next->link = farewell->link;
	leave_place(farewell->clients->common);
	free(farewell);
}

static void
on_ready(evutil_socket_t fd, short what, void *argument)
{
	struct farewell *farewell = argument;

	(void)what;
	if (!drop_input(fd, &farewell->left))
		end(farewell);
}

static void
on_over(void *user)
{
	end(user);
}

static struct farewell *
begin(struct clients *clients, int fd)
{
	struct event_base *base = clients->loop->base;
	struct farewell *farewell;

	farewell = calloc(1, sizeof *farewell);
	if (farewell == NULL)
		return NULL;
	event_assign(&farewell->ready, base, fd, EV_READ | EV_PERSIST, on_ready,
	    farewell);
	mailin_deadline_init(&farewell->deadline, base, on_over, farewell);
	mailin_deadline_set(&farewell->deadline, LINGER);
	if (event_add(&farewell->ready, NULL) != 0) {
		mailin_deadline_end(&farewell->deadline);
		free(farewell);
		return NULL;
	}
	farewell->clients = clients;
	farewell->fd = fd;
	farewell->left = MOST_OCTETS;
	return farewell;
}

static void
enlist(struct clients *clients, struct farewell *farewell)
{
	farewell->link = &clients->farewells;
	farewell->next = clients->farewells;
	if (farewell->next != NULL)
		farewell->next->link = &farewell->next;
	clients->farewells = farewell;
}

void
mailin_farewell(struct clients *clients, int fd, const char *text, size_t len)
{
	struct farewell *farewell;
	size_t left = MOST_OCTETS;

	if (send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len &&
	    shutdown(fd, SHUT_WR) == 0 && take_place(clients->common)) {
		farewell = begin(clients, fd);
		if (farewell != NULL) {
			enlist(clients, farewell);
			return;
		}
		leave_place(clients->common);
	}
	(void)drop_input(fd, &left);
	close(fd);
}

bool
mailin_farewells_end(struct clients *clients)
{
	bool some = clients->farewells != NULL;

	while (clients->farewells != NULL)
		end(clients->farewells);
	return some;
}
