/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/step.h"
#include "octet/sound.h"

/* The application tells of the connection here: its two ends, and its TLS. */

/* OK if the session has not been opened, and connect is not being decided. */
static enum mailin_error
check_unopened(const struct mailin_session *session)
{
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	return session->waiting ||
		mailin_rule(session->state, EVENT_EXPECT_TLS).yes ==
		    STATE_NONE ?
	    MAILIN_ERROR_STATE :
	    MAILIN_OK;
}

enum mailin_error
mailin_session_set_peer(struct mailin_session *session,
    const struct mailin_peer *peer)
{
	enum mailin_error error = check_unopened(session);

	if (peer == NULL || !is_span_sound(peer->address) ||
	    !is_span_sound(peer->name) || !is_span_sound(peer->local_address))
		return MAILIN_ERROR_ARGUMENT;
	if (error != MAILIN_OK)
		return error;
	return mailin_session_keep_peer(session, peer) ? MAILIN_OK :
							 MAILIN_ERROR_MEMORY;
}

static enum mailin_error
expect(struct mailin_session *session, enum mailin_event event)
{
	enum mailin_error error = check_unopened(session);

	if (error == MAILIN_OK)
		session_advance(session, event, true);
	return error;
}

enum mailin_error
mailin_session_expect_proxy(struct mailin_session *session)
{
	/* A second header would come from the client, not from the proxy. */
	if (mailin_session_proxy(session) != NULL)
		return session->calling ? MAILIN_ERROR_BUSY :
					  MAILIN_ERROR_STATE;
	return expect(session, EVENT_EXPECT_PROXY);
}

enum mailin_error
mailin_session_expect_tls(struct mailin_session *session)
{
	if (session->tls != NULL)
		return session->calling ? MAILIN_ERROR_BUSY :
					  MAILIN_ERROR_STATE;
	return expect(session, EVENT_EXPECT_TLS);
}

enum mailin_error
mailin_session_set_extension(struct mailin_session *session,
    enum mailin_extension extension, bool on)
{
	/* The peer is certain only in connect (after a PROXY header, for one)
	 * and when XCLIENT tells another client: extensions may be set in
	 * both. */
	bool next = mailin_session_next_peer(session) != NULL;
	enum mailin_error error = next ||
		session->decision == &mailin_decide_connect ?
	    MAILIN_OK :
	    check_unopened(session);
	uint32_t *extensions = next ? &session->claims->next_extensions :
				      &session->extensions;

	if ((unsigned)extension >= MAILIN_EXTENSION_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	if (error != MAILIN_OK)
		return error;
	if (on)
		*extensions |= MAILIN_BIT(extension);
	else
		*extensions &= ~MAILIN_BIT(extension);
	mailin_session_renew(session);
	return MAILIN_OK;
}

/* RFC 3207 4.2: discard any knowledge obtained from the client before.  This
 * includes XCLIENT: a proxy that speaks for the client is the client here. */
static void
forget_client(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	mailin_session_xclient_forget(session);
	mailin_session_free_name(session, session->helo_name);
	mailin_free(allocator, session->identity);
	session->helo_name = NULL;
	session->identity = NULL;
	session->greeting = MAILIN_VERB_UNKNOWN;
}

static bool
may_start_tls(const struct mailin_session *session)
{
	/* A PROXY header that began in clear must not go on inside TLS. */
	bool in_header = session_expects_proxy(session) &&
	    session->line.carry.len > 0;

	return mailin_rule(session->state, EVENT_TLS).yes != STATE_NONE &&
	    !session->waiting && session->tls == NULL && !in_header &&
	    mailin_queue_len(&session->queue) == 0;
}

static bool
are_facts(const struct mailin_tls *tls)
{
	return tls != NULL && is_span_sound(tls->version) &&
	    is_span_sound(tls->cipher) && is_span_sound(tls->sni) &&
	    is_span_sound(tls->alpn) && is_span_sound(tls->client_name) &&
	    is_span_sound(tls->channel_binding);
}

enum mailin_error
mailin_session_tls_started(struct mailin_session *session,
    const struct mailin_tls *tls)
{
	if (!are_facts(tls))
		return MAILIN_ERROR_ARGUMENT;
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (!may_start_tls(session))
		return MAILIN_ERROR_STATE;
	if (!mailin_session_adopt_tls(session, tls))
		return MAILIN_ERROR_MEMORY;
	session_advance(session, EVENT_TLS, true);
	forget_client(session);
	mailin_session_renew(session);
	mailin_session_leave(session);
	return MAILIN_OK;
}
