/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "client/connection.h"

struct mailin_ticket {
	struct letter letter; /* must be first: its address is also that of the
				 ticket */
	struct post *post;
	struct connection *connection; /* only the connection's thread may use
					  it */
	uint64_t token;
	enum mailin_reply reply;
	void (*function)(struct mailin_session *session, void *user);
	void *user;
};

static void
ticket_free(struct mailin_ticket *ticket)
{
	mailin_post_release(ticket->post);
	free(ticket);
}

static void
resume(const struct mailin_ticket *ticket, struct mailin_session *session)
{
	enum mailin_reply reply = ticket->reply;

	if (reply == MAILIN_REPLY_CUSTOM ||
	    mailin_session_resume(session, ticket->token, reply) ==
		MAILIN_ERROR_ARGUMENT)
		(void)mailin_session_resume(session, ticket->token,
		    MAILIN_REPLY_INTERNAL_ERROR);
}

static void
on_arrival(struct letter *letter)
{
	struct mailin_ticket *ticket = (struct mailin_ticket *)letter;
	struct connection *connection = ticket->connection;
	struct mailin_session *session = mailin_connection_session(connection);

	if (ticket->function != NULL)
		ticket->function(session, ticket->user);
	else if (session != NULL)
		resume(ticket, session);
	ticket_free(ticket);
	mailin_connection_release(connection);
}

struct event_base *
mailin_server_base(const struct mailin_session *session)
{
	return mailin_connection_base(mailin_connection_of(session));
}

struct mailin_ticket *
mailin_ticket_new(struct mailin_session *session)
{
	struct mailin_ticket *ticket = calloc(1, sizeof *ticket);

	if (ticket == NULL)
		return NULL;
	ticket->letter.arrived = on_arrival;
	ticket->connection = mailin_connection_of(session);
	ticket->token = mailin_session_decision(session);
	ticket->post = mailin_connection_hold(ticket->connection);
	if (ticket->post == NULL) {
		free(ticket);
		return NULL;
	}
	mailin_post_hold(ticket->post);
	return ticket;
}

void
mailin_ticket_resume(struct mailin_ticket *ticket, enum mailin_reply reply)
{
	ticket->reply = reply;
	if (!mailin_post_send(ticket->post, &ticket->letter))
		ticket_free(ticket);
}

void
mailin_ticket_call(struct mailin_ticket *ticket,
    void (*function)(struct mailin_session *session, void *user), void *user)
{
	ticket->function = function;
	ticket->user = user;
	if (mailin_post_send(ticket->post, &ticket->letter))
		return;
	function(NULL, user);
	ticket_free(ticket);
}
