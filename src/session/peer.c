/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/step.h"
#include "octet/span.h"

/* The program calls these functions before the session opens.  They say who the
 * client is, and what the client must send first. */

/* Returns OK if the session is not open, and the decision of the callback
 * "connect" is not PENDING. */
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

/* Expect a PROXY header or a TLS handshake, as the event says.  If has_come is
 * true, it has come already, so the call is an error. */
static enum mailin_error
expect(struct mailin_session *session, enum mailin_event event, bool has_come)
{
	enum mailin_error error = check_unopened(session);

	if (error == MAILIN_OK && has_come)
		error = MAILIN_ERROR_STATE;
	if (error == MAILIN_OK)
		session_advance(session, event, true);
	return error;
}

enum mailin_error
mailin_session_expect_proxy(struct mailin_session *session)
{
	/* A second header would be from the client, not from the proxy. */
	return expect(session, EVENT_EXPECT_PROXY,
	    mailin_session_proxy(session) != NULL);
}

enum mailin_error
mailin_session_expect_tls(struct mailin_session *session)
{
	return expect(session, EVENT_EXPECT_TLS, session->tls != NULL);
}

enum mailin_error
mailin_session_set_extension(struct mailin_session *session,
    enum mailin_extension extension, bool on)
{
	/* Extensions may also be set while the callback "connect" decides, for
	 * example after a PROXY header, and while the callback "xclient"
	 * decides, for the next client. */
	bool next = mailin_session_next_peer(session) != NULL;
	enum mailin_error error = next ||
		session->decision == &mailin_decide_connect ?
	    MAILIN_OK :
	    check_unopened(session);
	uint32_t *extensions = next ? &session->proxy_facts->next_extensions :
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
