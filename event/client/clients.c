/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <unistd.h>

#include "client/connection.h"

/* Close the socket of a client for whom there is no place.  A reply in clear
 * would mean nothing to a client that starts with TLS, so send none to it. */
static void
refuse(int fd, bool tls)
{
	char text[128];
	int len = snprintf(text, sizeof text, "%d %s %s\r\n",
	    mailin_reply_code(MAILIN_REPLY_NO_SERVICE),
	    mailin_reply_enhanced(MAILIN_REPLY_NO_SERVICE),
	    mailin_reply_text(MAILIN_REPLY_NO_SERVICE));

	if (!tls)
		(void)send(fd, text, (size_t)len, MSG_NOSIGNAL);
	close(fd);
}

void
clients_admit(struct clients *clients, int fd, const struct netaddr *remote,
    const struct netaddr *local, bool tls)
{
	struct service *service = clients->service;

	if (atomic_fetch_add(&service->connections, 1) <
		service->max_connections &&
	    connection_open(clients, fd, remote, local, tls))
		return;
	atomic_fetch_sub(&service->connections, 1);
	refuse(fd, tls);
}

static void
for_each(struct clients *clients, void (*call)(struct connection *connection))
{
	struct connection *connection = clients->first, *next;

	while (connection != NULL) {
		next = connection_next(connection);
		call(connection);
		connection = next;
	}
}

void
clients_shut_down(struct clients *clients)
{
	for_each(clients, connection_shut_down);
}

void
clients_time_out(struct clients *clients)
{
	for_each(clients, connection_time_out);
}

void
clients_drop(struct clients *clients)
{
	for_each(clients, connection_drop);
}
