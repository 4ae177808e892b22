/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/connection_data.h"
#include "client/handler.h"
#include "client/trust.h"

/* ---- Limits for an address ---- */

/* Report to the program that the address has reached a limit.  Returns a reply
 * that ends the session. */
static enum mailin_reply
limit(const struct connection *connection, const char *reason)
{
	struct mailin_session *session = connection->session;
	const struct mailin_peer *peer = mailin_session_next_peer(session);

	if (peer == NULL)
		peer = mailin_session_peer(session);
	if (peer != NULL)
		tell_of(connection,
		    (struct mailin_event){ .kind = MAILIN_EVENT_LIMITED,
			.address = peer->address,
			.reason = reason });
	return mailin_session_reply(session, 421, "4.7.0",
	    "Too much from your address, try again later");
}

/* PROXY or XCLIENT has named another client.  From now on the connection counts
 * for that client; "former" keeps the place before, until end_move().  A client
 * that XCLIENT names may be a trusted peer itself.  A client that PROXY names
 * is not trusted, even if its address is in proxy_from, so what it sends is not
 * believed.  Returns OK or a refusal. */
static enum mailin_reply
move(struct connection *connection, const struct mailin_peer *peer,
    bool may_be_trusted)
{
	const struct mailin_trust *trust = &connection->policy->trust;
	struct common *common = connection->clients->common;
	struct netaddr address;
	struct place place;
	const char *reason;

	if (!mailin_netaddr_read_host(&address, peer->address))
		return MAILIN_REPLY_OK;
	reason = mailin_place_take(common,
	    may_be_trusted && mailin_trust_tells(trust, &address), &address,
	    &place);
	if (reason != NULL)
		return limit(connection, reason);
	connection->former = connection->place;
	connection->place = place;
	connection->moved = true;
	return MAILIN_REPLY_OK;
}

/* End what move() has begun.  If the program refuses the client that was named,
 * the connection counts for its former address again. */
static void
end_move(struct connection *connection, bool refused)
{
	struct common *common = connection->clients->common;

	if (!connection->moved)
		return;
	if (refused) {
		mailin_place_leave(common, &connection->place);
		connection->place = connection->former;
		connection->former = (struct place){ .counted = false };
	} else {
		mailin_place_leave(common, &connection->former);
	}
	connection->moved = false;
}

/* Count something that the client does.  Returns OK, or a refusal if the limit
 * is reached. */
static enum mailin_reply
count(const struct connection *connection, enum rate rate)
{
	const char *reason = mailin_place_count(connection->clients->common,
	    &connection->place, rate);

	return reason == NULL ? MAILIN_REPLY_OK : limit(connection, reason);
}

/* If a PROXY header has named the client, count this client. */
static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	struct connection *connection = connection_at(user);
	const struct mailin_handler *program = &connection->policy->program;
	const struct mailin_peer *peer = mailin_session_peer(session);
	const struct mailin_proxy *proxy = mailin_session_proxy(session);
	enum mailin_reply reply = MAILIN_REPLY_OK;

	/* A header that is "local" names nobody: the peer is the proxy. */
	if (proxy != NULL && !proxy->local && peer != NULL)
		reply = move(connection, peer, false);
	end_move(connection, false);
	if (reply != MAILIN_REPLY_OK || program->connect == NULL)
		return reply;
	return program->connect(session, user);
}

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	struct connection *connection = connection_at(user);
	const struct mailin_handler *program = &connection->policy->program;
	enum mailin_reply reply = count(connection, RATE_MESSAGES);

	if (reply != MAILIN_REPLY_OK || program->mail == NULL)
		return reply;
	return program->mail(session, mail, user);
}

/* A recipient or a login is counted as wrong before the reply to it is known.
 * Otherwise a client could try many at the same time.  If the reply is good,
 * settle() undoes the count. */
static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct connection *connection = connection_at(user);
	enum mailin_reply reply = count(connection, RATE_REFUSED_RCPTS);

	if (reply != MAILIN_REPLY_OK)
		return reply;
	connection->rcpt_counted = true;
	return connection->policy->program.rcpt(session, rcpt, user);
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	struct connection *connection = connection_at(user);
	enum mailin_reply reply = count(connection, RATE_AUTH_FAILURES);

	if (reply != MAILIN_REPLY_OK)
		return reply;
	connection->auth_counted = true;
	return connection->policy->program.auth(session, credentials, user);
}

static enum mailin_reply
on_sasl(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	struct connection *connection = connection_at(user);
	enum mailin_reply reply = MAILIN_REPLY_OK;

	if (step->first)
		reply = count(connection, RATE_AUTH_FAILURES);
	if (reply != MAILIN_REPLY_OK)
		return reply;
	connection->auth_counted = true;
	return connection->policy->program.sasl(session, step, user);
}

/* Undo the increment of the rate, unless the reply is a refusal.  After 421 the
 * increment stays, because this reply may have replaced a refusal. */
static void
settle(const struct connection *connection, bool *counted, enum rate rate,
    int code)
{
	if (*counted && code < 500 && code != 421)
		mailin_place_uncount(connection->clients->common,
		    &connection->place, rate);
	*counted = false;
}

static void
on_replied(struct mailin_session *session, const struct mailin_outcome *outcome,
    void *user)
{
	struct connection *connection = connection_at(user);
	const struct mailin_handler *program = &connection->policy->program;

	if (outcome->verb == MAILIN_VERB_RCPT)
		settle(connection, &connection->rcpt_counted,
		    RATE_REFUSED_RCPTS, outcome->code);
	else if (outcome->verb == MAILIN_VERB_AUTH && outcome->code != 334)
		settle(connection, &connection->auth_counted,
		    RATE_AUTH_FAILURES, outcome->code);
	else if (outcome->verb == MAILIN_VERB_XCLIENT)
		end_move(connection, outcome->code >= 400);
	if (program->replied != NULL)
		program->replied(session, outcome, user);
}

/* ---- Who the client is ---- */

/* The command names a client.  If that client is a trusted peer, too, the
 * session will offer it the extension XCLIENT.  If the program refuses the
 * command, the offer does not change. */
static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	struct connection *connection = connection_at(user);
	const struct policy *policy = connection->policy;
	const struct mailin_peer *next = mailin_session_next_peer(session);
	enum mailin_reply reply = MAILIN_REPLY_OK;

	if (verb == MAILIN_VERB_XCLIENT)
		(void)mailin_trust_peer(&policy->trust, session);
	if (next != NULL && attributes->values[MAILIN_ATTRIBUTE_ADDR].len > 0)
		reply = move(connection, next, true);
	if (reply != MAILIN_REPLY_OK || policy->program.xclient == NULL)
		return reply;
	return policy->program.xclient(session, verb, attributes, user);
}

/* If a peer that should have sent a PROXY header did not send one, tell the
 * program.  The peer itself gets no reply. */
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
	if (connection->policy->program.close != NULL)
		connection->policy->program.close(session, reason, user);
}

void
mailin_handler_set(struct policy *policy)
{
	struct mailin_handler *handler = policy->handler;

	policy->program = *handler;
	if (policy->trust.xclient_from_count > 0)
		handler->xclient = on_xclient;
	if (policy->trust.proxy_from_count > 0)
		handler->connect = on_connect;
	handler->mail = on_mail;
	if (handler->rcpt != NULL)
		handler->rcpt = on_rcpt;
	if (handler->auth != NULL)
		handler->auth = on_auth;
	if (handler->sasl != NULL)
		handler->sasl = on_sasl;
	handler->close = on_close;
	handler->replied = on_replied;
}
