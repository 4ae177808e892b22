/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <sys/socket.h>
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

/* Send a client away, and tell the program. */
static void
send_away(struct clients *clients, int fd, const struct netaddr *remote,
    bool tls, const char *reason)
{
	char host[NETADDR_HOST_SIZE];

	refuse(fd, tls);
	(void)mailin_netaddr_host(remote, host);
	tell(clients->common,
	    (struct mailin_event){ .kind = MAILIN_EVENT_REFUSED,
		.address = mailin_span_of(host),
		.reason = reason });
}

void
mailin_clients_admit(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local,
    struct policy *policy)
{
	struct common *common = clients->common;
	const char *reason = "there are too many clients";

	if (atomic_fetch_add(&common->connections, 1) <
	    atomic_load(&common->max_connections)) {
		if (mailin_connection_open(clients, fd, remote, local, policy))
			return;
		reason = "no memory";
	}
	atomic_fetch_sub(&common->connections, 1);
	send_away(clients, fd, remote, policy->service.implicit_tls, reason);
}

static void
for_each(struct clients *clients, void (*call)(struct connection *connection))
{
	struct connection *connection = clients->first, *next;

	while (connection != NULL) {
		next = mailin_connection_next(connection);
		call(connection);
		connection = next;
	}
}

void
mailin_clients_shut_down(struct clients *clients)
{
	for_each(clients, mailin_connection_shut_down);
}

void
mailin_clients_time_out(struct clients *clients)
{
	for_each(clients, mailin_connection_time_out);
}

void
mailin_clients_drop(struct clients *clients)
{
	for_each(clients, mailin_connection_drop);
}

void
mailin_clients_forget(struct clients *clients)
{
	while (clients->gone != NULL)
		mailin_connection_free(clients->gone);
}
