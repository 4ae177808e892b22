/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <unistd.h>

#include "client/connection.h"
#include "client/farewell.h"
#include "client/trust.h"

/* Why a client is refused: the reason that is reported to the program that uses
 * the library, and the reply that the client gets. */
struct refusal {
	const char *reason;
	enum mailin_reply reply; /* code and enhanced code */
	const char *text;        /* NULL: the usual text of the reply */
};

static const struct refusal no_place = { "there are too many clients",
	MAILIN_REPLY_NO_SERVICE, NULL };
static const struct refusal no_place_for_address = {
	"its address has too many clients", MAILIN_REPLY_TOO_MANY_ERRORS,
	"Too many connections"
};
static const struct refusal no_memory = { "no memory", MAILIN_REPLY_NO_SERVICE,
	NULL };

static void
send_refusal(struct clients *clients, int fd, const struct refusal *refusal)
{
	char text[128];
	int len = snprintf(text, sizeof text, "%d %s %s\r\n",
	    mailin_reply_code(refusal->reply),
	    mailin_reply_enhanced(refusal->reply),
	    refusal->text != NULL ? refusal->text :
				    mailin_reply_text(refusal->reply));

	mailin_farewell(clients, fd, text, (size_t)len);
}

/* Refuse a client and close its socket.  A client that begins with TLS gets no
 * reply, since it could not read one in clear. */
static void
refuse(struct clients *clients, int fd, const struct netaddr *remote, bool tls,
    const struct refusal *refusal)
{
	char host[NETADDR_HOST_SIZE];

	if (tls)
		close(fd);
	else
		send_refusal(clients, fd, refusal);
	(void)mailin_netaddr_host(remote, host);
	tell(clients->common,
	    (struct mailin_event){ .kind = MAILIN_EVENT_REFUSED,
		.address = mailin_span_of(host),
		.reason = refusal->reason });
}

/* Returns true if the client is served now.  Otherwise sets *refusal. */
static bool
serve(struct clients *clients, int fd, const struct netaddr *remote,
    const struct netaddr *local, struct policy *policy, struct refusal *refusal)
{
	struct common *common = clients->common;
	struct place place;
	const char *reason = mailin_place_take(common,
	    mailin_trust_has(&policy->trust, remote), remote, &place);

	if (reason != NULL) {
		*refusal = no_place_for_address;
		refusal->reason = reason;
		return false;
	}
	if (mailin_connection_open(clients, fd, remote, local, policy, &place))
		return true;
	mailin_place_leave(common, &place);
	*refusal = no_memory;
	return false;
}

void
mailin_clients_admit(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local,
    struct policy *policy)
{
	struct common *common = clients->common;
	struct refusal refusal = no_place;

	if (atomic_fetch_add(&common->connections, 1) <
		atomic_load(&common->max_connections) &&
	    serve(clients, fd, remote, local, policy, &refusal))
		return;
	atomic_fetch_sub(&common->connections, 1);
	refuse(clients, fd, remote, policy->service.implicit_tls, &refusal);
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
	(void)mailin_farewells_end(clients);
}

void
mailin_clients_forget(struct clients *clients)
{
	while (clients->gone != NULL)
		mailin_connection_free(clients->gone);
}
