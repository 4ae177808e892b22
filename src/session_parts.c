/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_calls.h"

static const struct mailin_claims no_claims;
static const struct mailin_exchange no_auth;
static const struct mailin_transaction no_mail;

/* Written to only where there is a block of the session's own. */
void
session_no_blocks(struct mailin_session *session)
{
	session->claims = (struct mailin_claims *)&no_claims;
	session->auth = (struct mailin_exchange *)&no_auth;
	session->mail = (struct mailin_transaction *)&no_mail;
}

/* A block in which all is 0, as in the one that stood for it. */
static void *
new_block(struct mailin_session *session, size_t size)
{
	void *block = mailin_alloc(session_allocator(session), size);

	if (block != NULL)
		memset(block, 0, size);
	return block;
}

bool
session_need_claims(struct mailin_session *session)
{
	struct mailin_claims *claims;

	if (session->claims != &no_claims)
		return true;
	claims = new_block(session, sizeof *claims);
	if (claims == NULL)
		return false;
	session->claims = claims;
	return true;
}

bool
session_need_auth(struct mailin_session *session)
{
	struct mailin_exchange *auth;

	if (session->auth != &no_auth)
		return true;
	auth = new_block(session, sizeof *auth);
	if (auth == NULL)
		return false;
	session->auth = auth;
	return true;
}

/* With what a usual message needs: one block for the whole session. */
bool
session_need_mail(struct mailin_session *session)
{
	struct {
		struct mailin_transaction   mail;
		struct mailin_envelope_room room;
	} *block;

	if (session->mail != &no_mail)
		return true;
	block = mailin_alloc(session_allocator(session), sizeof *block);
	if (block == NULL)
		return false;
	memset(&block->mail, 0, sizeof block->mail);
	mailin_envelope_init(&block->mail.envelope, &block->room);
	session->mail = &block->mail;
	return true;
}

void
session_free_blocks(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	if (session->claims != &no_claims) {
		mailin_free(allocator, session->claims->proxied);
		mailin_free(allocator, session->claims->xclient);
		mailin_free(allocator, session->claims->xforward);
		mailin_free(allocator, session->claims->telling);
		mailin_free(allocator, session->claims);
	}
	if (session->auth != &no_auth) {
		mailin_free(allocator, session->auth->failure.custom);
		mailin_free(allocator, session->auth);
	}
	if (session->mail != &no_mail) {
		mailin_envelope_free(&session->mail->envelope, allocator);
		mailin_free(allocator, session->mail->refusal.custom);
		mailin_free(allocator, session->mail);
	}
	if (session->keywords != NULL) {
		mailin_buffer_free(session->keywords, allocator);
		mailin_free(allocator, session->keywords);
	}
}

bool
session_has_claims(const struct mailin_session *session)
{
	return session->claims != &no_claims;
}

bool
session_has_exchange(const struct mailin_session *session)
{
	return session->auth != &no_auth;
}

bool
session_has_mail(const struct mailin_session *session)
{
	return session->mail != &no_mail;
}
