/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

const struct mailin_claims mailin_session_no_claims;
const struct mailin_exchange mailin_session_no_exchange;
const struct mailin_transaction mailin_session_no_mail;

/* The casts drop const; nothing writes to these shared blocks, only to a block
 * of the session's own. */
void
mailin_session_no_blocks(struct mailin_session *session)
{
	session->claims = (struct mailin_claims *)&mailin_session_no_claims;
	session->auth = (struct mailin_exchange *)&mailin_session_no_exchange;
	session->mail = (struct mailin_transaction *)&mailin_session_no_mail;
}

bool
mailin_session_need_claims(struct mailin_session *session)
{
	struct mailin_claims *claims;

	if (session_has_claims(session))
		return true;
	claims = mailin_alloc_clear(session_allocator(session), sizeof *claims,
	    sizeof *claims);
	if (claims == NULL)
		return false;
	session->claims = claims;
	return true;
}

bool
mailin_session_need_auth(struct mailin_session *session)
{
	struct mailin_exchange *auth;

	if (session_has_exchange(session))
		return true;
	auth = mailin_alloc_clear(session_allocator(session), sizeof *auth,
	    sizeof *auth);
	if (auth == NULL)
		return false;
	session->auth = auth;
	return true;
}

/* The block has room for a usual message too, and lasts as long as the
 * session. */
bool
mailin_session_need_mail(struct mailin_session *session)
{
	struct {
		struct mailin_transaction mail;
		struct mailin_envelope_room room;
	} * block;

	if (session_has_mail(session))
		return true;
	block = mailin_alloc_clear(session_allocator(session), sizeof *block,
	    sizeof block->mail);
	if (block == NULL)
		return false;
	mailin_envelope_init(&block->mail.envelope, &block->room);
	session->mail = &block->mail;
	return true;
}

void
mailin_session_free_blocks(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	if (session_has_claims(session)) {
		mailin_free(allocator, session->claims->proxied);
		mailin_free(allocator, session->claims->xclient);
		mailin_free(allocator, session->claims->xforward);
		mailin_free(allocator, session->claims->first_peer);
		mailin_free(allocator, session->claims->telling);
		mailin_free(allocator, session->claims->next_peer);
		mailin_free(allocator, session->claims->next_identity);
		mailin_free(allocator, session->claims);
	}
	if (session_has_exchange(session)) {
		mailin_free(allocator, session->auth->failure.custom);
		mailin_free(allocator, session->auth);
	}
	if (session_has_mail(session)) {
		mailin_envelope_free(&session->mail->envelope, allocator);
		mailin_free(allocator, session->mail->refusal.custom);
		mailin_free(allocator, session->mail->gather);
		mailin_free(allocator, session->mail);
	}
	if (session->keywords != NULL) {
		mailin_buffer_free(session->keywords, allocator);
		mailin_free(allocator, session->keywords);
	}
}
