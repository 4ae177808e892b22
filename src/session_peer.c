/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_calls.h"

/* What the application tells of the connection: its ends, and its TLS. */

/* Not opened yet, nor about to be. */
static enum mailin_error
check_unopened(const struct mailin_session *session)
{
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	return session->state != STATE_NEW || session->waiting
	    ? MAILIN_ERROR_STATE : MAILIN_OK;
}

enum mailin_error
mailin_session_set_peer(struct mailin_session *session,
    const struct mailin_peer *peer)
{
	enum mailin_error error = check_unopened(session);

	if (peer == NULL)
		return MAILIN_ERROR_ARGUMENT;
	if (error != MAILIN_OK)
		return error;
	return session_keep_peer(session, peer)
	    ? MAILIN_OK : MAILIN_ERROR_MEMORY;
}

enum mailin_error
mailin_session_expect_proxy(struct mailin_session *session)
{
	enum mailin_error error = check_unopened(session);

	session->expects_proxy |= error == MAILIN_OK;
	return error;
}

enum mailin_error
mailin_session_set_extension(struct mailin_session *session,
    enum mailin_extension extension, bool on)
{
	/* Who connects is known for sure where that is decided: behind a
	 * PROXY header, for one. */
	enum mailin_error error = session->decision == DECIDE_CONNECT
	    ? MAILIN_OK : check_unopened(session);

	if ((unsigned)extension >= MAILIN_EXTENSION_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	if (error != MAILIN_OK)
		return error;
	if (on)
		session->extensions |= MAILIN_BIT(extension);
	else
		session->extensions &= ~MAILIN_BIT(extension);
	session_renew(session);
	return MAILIN_OK;
}

static struct mailin_tls *
copy_tls(const struct mailin_allocator *allocator,
    const struct mailin_tls *tls)
{
	struct mailin_tls *copy = mailin_alloc(allocator, sizeof *copy +
	    tls->version.len + tls->cipher.len + tls->sni.len +
	    tls->alpn.len + tls->client_name.len +
	    tls->channel_binding.len);
	char *room;

	if (copy == NULL)
		return NULL;
	*copy = *tls;
	room = (char *)(copy + 1);
	session_move_span(&copy->version, &room);
	session_move_span(&copy->cipher, &room);
	session_move_span(&copy->sni, &room);
	session_move_span(&copy->alpn, &room);
	session_move_span(&copy->client_name, &room);
	session_move_span(&copy->channel_binding, &room);
	return copy;
}

/* RFC 3207 4.2: discard any knowledge obtained from the client before. */
static void
forget_client(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	session_free_name(session, session->helo_name);
	mailin_free(allocator, session->identity);
	session->helo_name = NULL;
	session->identity = NULL;
	session->greeting = MAILIN_VERB_UNKNOWN;
}

enum mailin_error
mailin_session_tls_started(struct mailin_session *session,
    const struct mailin_tls *tls)
{
	struct mailin_tls *copy;

	if (tls == NULL)
		return MAILIN_ERROR_ARGUMENT;
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (mailin_rule(session->state, EVENT_TLS).yes == STATE_NONE ||
	    session->waiting || session->tls != NULL ||
	    mailin_queue_len(&session->queue) > 0)
		return MAILIN_ERROR_STATE;
	copy = copy_tls(session_allocator(session), tls);
	if (copy == NULL)
		return MAILIN_ERROR_MEMORY;
	session->tls = copy;
	session_advance(session, EVENT_TLS, true);
	forget_client(session);
	session_renew(session);
	session_leave(session);
	return MAILIN_OK;
}

enum mailin_error
mailin_session_tls_failed(struct mailin_session *session)
{
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (session->state != STATE_TLS)
		return MAILIN_ERROR_STATE;
	session_close(session, MAILIN_CLOSE_TLS);
	session_leave(session);
	return MAILIN_OK;
}
