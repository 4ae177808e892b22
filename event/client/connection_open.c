/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#include "client/connection_data.h"

static struct connection *
make(struct clients *clients, int fd, struct policy *policy)
{
	struct connection *connection;

	if (policy->service.session_size > SIZE_MAX - CONNECTION_SIZE)
		return NULL;
	connection = calloc(1, CONNECTION_SIZE + policy->service.session_size);
	if (connection == NULL)
		return NULL;
	connection->session = mailin_session_new(policy->service.config,
	    policy->handler, memory_of(connection));
	if (connection->session == NULL) {
		free(connection);
		return NULL;
	}
	connection->clients = clients;
	connection->policy = policy;
	connection->transport.fd = fd;
	connection->transport.peeks = policy->service.implicit_tls;
	mailin_deadline_init(&connection->deadline, clients->loop->base,
	    mailin_connection_time_is_over, connection);
	return connection;
}

static void
set_peer(struct connection *connection, const struct netaddr *remote,
    const struct netaddr *local)
{
	char remote_host[NETADDR_HOST_SIZE], local_host[NETADDR_HOST_SIZE];
	struct mailin_peer peer = { .port = 0 };

	peer.port = mailin_netaddr_host(remote, remote_host);
	peer.local_port = mailin_netaddr_host(local, local_host);
	if (remote_host[0] == '\0')
		return;
	peer.address = mailin_span_of(remote_host);
	peer.local_address = mailin_span_of(local_host);
	(void)mailin_session_set_peer(connection->session, &peer);
	connection->proxied = mailin_trust_peer(&connection->policy->trust,
	    connection->session);
}

/* Returns false if the program does not want to serve the client. */
static bool
open_session(struct connection *connection)
{
	const struct mailin_service *service = &connection->policy->service;

	if (service->implicit_tls)
		(void)mailin_session_expect_tls(connection->session);
	connection->opened = service->open == NULL ||
	    (service->open(connection->session, memory_of(connection),
		 service->user) &&
		mailin_session_want(connection->session) != MAILIN_WANT_CLOSE);
	return connection->opened;
}

bool
mailin_connection_open(struct clients *clients, int fd,
    const struct netaddr *remote, const struct netaddr *local,
    struct policy *policy, const struct place *place)
{
	struct connection *connection = make(clients, fd, policy);

	if (connection == NULL)
		return false;
	set_peer(connection, remote, local);
	if (!open_session(connection)) {
		mailin_session_free(connection->session);
		free(connection);
		return false;
	}
	connection->place = *place;
	mailin_policy_hold(policy);
	mailin_connection_link(connection, &clients->first);
	mailin_loop_hold(clients->loop);
	mailin_connection_serve(connection);
	return true;
}

/* ---- Tickets, by which other threads resume a session ---- */

struct connection *
mailin_connection_of(const struct mailin_session *session)
{
	return connection_at(mailin_session_user(session));
}

struct mailin_session *
mailin_connection_session(const struct connection *connection)
{
	return connection->session;
}

struct event_base *
mailin_connection_base(const struct connection *connection)
{
	return connection->clients->loop->base;
}

struct post *
mailin_connection_hold(struct connection *connection)
{
	if (!connection->opened)
		return NULL;
	connection->tickets++;
	return connection->clients->loop->post;
}

void
mailin_connection_release(struct connection *connection)
{
	connection->tickets--;
	if (connection->session == NULL && connection->tickets == 0)
		mailin_connection_free(connection);
	else if (connection->session != NULL && connection->phase == TALKING)
		mailin_connection_serve(connection);
}

struct connection *
mailin_connection_next(const struct connection *connection)
{
	return connection->next;
}
