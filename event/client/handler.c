/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/connection_data.h"
#include "client/handler.h"

/* If peers may use XCLIENT, so may the client that one of them names, if it is
 * itself such a peer.  If the program refuses the XCLIENT, this has no
 * effect. */
static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	const struct policy *policy = connection_at(user)->policy;

	if (verb == MAILIN_VERB_XCLIENT)
		(void)mailin_trust_peer(&policy->trust, session);
	return policy->xclient != NULL ?
	    policy->xclient(session, verb, attributes, user) :
	    MAILIN_REPLY_OK;
}

/* The peer gets no reply, so the program should tell somebody. */
static void
tell_no_proxy(const struct connection *connection)
{
	const struct mailin_peer *peer = mailin_session_peer(
	    connection->session);

	if (connection->proxied && peer != NULL &&
	    mailin_session_proxy(connection->session) == NULL)
		tell_of(connection,
		    (struct mailin_event){ .kind = MAILIN_EVENT_NO_PROXY,
			.address = peer->address });
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct connection *connection = connection_at(user);

	if (!connection->opened)
		return;
	connection->close_reason = reason;
	if (reason == MAILIN_CLOSE_PROTOCOL || reason == MAILIN_CLOSE_TIMEOUT)
		tell_no_proxy(connection);
	if (connection->policy->close != NULL)
		connection->policy->close(session, reason, user);
}

void
mailin_handler_set(struct policy *policy)
{
	struct mailin_handler *handler = policy->handler;

	policy->xclient = handler->xclient;
	policy->close = handler->close;
	if (policy->trust.xclient_from_count > 0)
		handler->xclient = on_xclient;
	handler->close = on_close;
}
