/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "session_calls.h"

void
session_advance(struct mailin_session *session, enum mailin_event event,
    bool yes)
{
	struct mailin_rule rule = mailin_rule(session->state, event);

	assert(rule.yes != STATE_NONE && rule.no != STATE_NONE);
	session->state = (enum mailin_state)(yes ? rule.yes : rule.no);
}

void
session_renew_offer(struct mailin_session *session)
{
	/* RFC 3207 4.2: no second STARTTLS; RFC 8689 2: only within TLS. */
	enum mailin_extension useless = session->tls != NULL
	    ? MAILIN_EXTENSION_STARTTLS : MAILIN_EXTENSION_REQUIRETLS;

	session->offered = mailin_extensions_offered(session->config,
	    session->extensions) & ~MAILIN_BIT(useless);
}

void
session_trace(struct mailin_session *session,
    enum mailin_direction direction, struct mailin_span line)
{
	bool outer = session->calling;

	if (HANDLER(session, trace) == NULL)
		return;
	session->calling = true;
	session->handler->trace(session, direction, line, session->user);
	session->calling = outer;
}

void
session_move_span(struct mailin_span *span, char **room)
{
	if (span->ptr == NULL)
		return;
	memcpy(*room, span->ptr, span->len);
	span->ptr = *room;
	*room += span->len;
}

bool
session_keep_peer(struct mailin_session *session,
    const struct mailin_peer *peer)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_peer *copy = mailin_alloc(allocator, sizeof *copy +
	    peer->address.len + peer->name.len + peer->local_address.len);
	char *room;

	if (copy == NULL)
		return false;
	*copy = *peer;
	room = (char *)(copy + 1);
	session_move_span(&copy->address, &room);
	session_move_span(&copy->name, &room);
	session_move_span(&copy->local_address, &room);
	mailin_free(allocator, session->peer);
	session->peer = copy;
	return true;
}

void
session_lose(struct mailin_session *session, enum mailin_reset_reason reason)
{
	bool outer = session->calling;

	if (session->mail->envelope.mail_len == 0 || session->mail->lost ||
	    session->mail->accepted)
		return;
	session->mail->lost = true;
	if (HANDLER(session, reset) == NULL)
		return;
	session->calling = true;
	session->handler->reset(session, reason, session->user);
	session->calling = outer;
}

void
session_clear(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	session->discarded = 0;
	/* XFORWARD_README: kept to the end of the transaction. */
	if (session_has_claims(session)) {
		mailin_free(allocator, session->claims->xforward);
		session->claims->xforward = NULL;
	}
	if (session_has_mail(session)) {
		struct mailin_transaction *mail = session->mail;

		mailin_envelope_clear(&mail->envelope, allocator);
		mailin_free(allocator, mail->refusal.custom);
		/* All that follows the envelope, which keeps its memory. */
		memset(&mail->body, 0, sizeof *mail -
		    offsetof(struct mailin_transaction, body));
	}
}

void
session_wipe_secret(struct mailin_session *session)
{
	struct mailin_exchange *auth = session->auth;

	if (!session_has_exchange(session))
		return;
	auth->has_username = false;
	auth->is_failing = false;
	mailin_wipe(auth->secret.octets, auth->secret.room);
	mailin_buffer_free(&auth->secret, session_allocator(session));
}

void
session_close(struct mailin_session *session, enum mailin_close_reason reason)
{
	if (session->state == STATE_CLOSED)
		return;
	session->state = STATE_CLOSED;
	session->in_chunk = false;
	session->decision = DECIDE_NOTHING;
	session->waiting = false;
	session_lose(session, MAILIN_RESET_CLOSED);
	session_clear(session);
	session_wipe_secret(session);
	/* Half a line may be half a password; nobody points into it. */
	if (!session->line.given)
		mailin_line_wipe(&session->line);
	if (HANDLER(session, close) == NULL)
		return;
	session->calling = true;
	session->handler->close(session, reason, session->user);
	session->calling = false;
}
