/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "client/connection_data.h"

static void
unlink_connection(struct connection *connection)
{
	*connection->link = connection->next;
	if (connection->next != NULL)
		connection->next->link = connection->link;
}

void
mailin_connection_link(struct connection *connection, struct connection **list)
{
	connection->link = list;
	connection->next = *list;
	if (connection->next != NULL)
		connection->next->link = &connection->next;
	*list = connection;
}

void
mailin_connection_free(struct connection *connection)
{
	struct clients *clients = connection->clients;

	unlink_connection(connection);
	mailin_place_leave(clients->common, &connection->place);
	mailin_place_leave(clients->common, &connection->former);
	mailin_policy_release(connection->policy);
	free(connection);
	atomic_fetch_sub(&clients->common->connections, 1);
	mailin_loop_release(clients->loop);
}

/* The session has ended: call the last callbacks of the program. */
static void
end_session(struct connection *connection)
{
	const struct mailin_service *service = &connection->policy->service;
	struct mailin_session *session = connection->session;
	struct mailin_event event = { .kind = MAILIN_EVENT_CLOSED,
		.octets_in = connection->octets_in,
		.octets_out = connection->octets_out };

	(void)mailin_session_abort(session, MAILIN_CLOSE_ABORT);
	event.close_reason = connection->close_reason;
	tell_of(connection, event);
	if (service->close != NULL)
		service->close(session, memory_of(connection), service->user);
	mailin_session_free(session);
	connection->session = NULL;
}

void
mailin_connection_drop(struct connection *connection)
{
	end_session(connection);
	if (connection->awaited != IO_DONE)
		event_del(&connection->ready);
	mailin_deadline_end(&connection->deadline);
	mailin_transport_close(&connection->transport);
	mailin_rest_drop(&connection->rest);
	if (connection->tickets == 0) {
		mailin_connection_free(connection);
		return;
	}
	unlink_connection(connection);
	mailin_connection_link(connection, &connection->clients->gone);
}
