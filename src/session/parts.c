/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

const struct mailin_proxy_facts mailin_session_no_proxy_facts;
const struct mailin_exchange mailin_session_no_exchange;
const struct mailin_transaction mailin_session_no_transaction;

/* Point to the shared empty blocks.  The casts drop const, but nothing writes
 * to these blocks. */
void
mailin_session_no_blocks(struct mailin_session *session)
{
	session->proxy_facts =
	    (struct mailin_proxy_facts *)&mailin_session_no_proxy_facts;
	session->auth = (struct mailin_exchange *)&mailin_session_no_exchange;
	session->transaction =
	    (struct mailin_transaction *)&mailin_session_no_transaction;
}

static void *
new_block(const struct mailin_session *session, size_t size)
{
	return mailin_alloc_clear(session_allocator(session), size);
}

bool
mailin_session_need_proxy_facts(struct mailin_session *session)
{
	struct mailin_proxy_facts *facts = session->proxy_facts;

	if (!session_has_proxy_facts(session))
		facts = new_block(session, sizeof *facts);
	if (facts != NULL)
		session->proxy_facts = facts;
	return facts != NULL;
}

bool
mailin_session_need_auth(struct mailin_session *session)
{
	struct mailin_exchange *auth = session->auth;

	if (!session_has_exchange(session))
		auth = new_block(session, sizeof *auth);
	if (auth != NULL)
		session->auth = auth;
	return auth != NULL;
}

bool
mailin_session_need_transaction(struct mailin_session *session)
{
	struct mailin_transaction *mail;

	if (session_has_transaction(session))
		return true;
	mail = new_block(session, sizeof *mail);
	if (mail == NULL)
		return false;
	mailin_envelope_init(&mail->envelope);
	session->transaction = mail;
	return true;
}

void
mailin_session_free_blocks(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	if (session_has_proxy_facts(session)) {
		mailin_free(allocator, session->proxy_facts->proxied);
		mailin_free(allocator, session->proxy_facts->xclient);
		mailin_free(allocator, session->proxy_facts->xforward);
		mailin_free(allocator, session->proxy_facts->first_peer);
		mailin_free(allocator, session->proxy_facts->new_attributes);
		mailin_free(allocator, session->proxy_facts->next_peer);
		mailin_free(allocator, session->proxy_facts->next_identity);
		mailin_free(allocator, session->proxy_facts);
	}
	if (session_has_exchange(session)) {
		mailin_free(allocator, session->auth->failure.custom);
		mailin_free(allocator, session->auth);
	}
	if (session_has_transaction(session)) {
		mailin_envelope_free(&session->transaction->envelope,
		    allocator);
		mailin_free(allocator, session->transaction->refusal.custom);
		mailin_free(allocator, session->transaction->gather);
		mailin_free(allocator, session->transaction);
	}
	if (session->keywords != NULL) {
		mailin_buffer_free(session->keywords, allocator);
		mailin_free(allocator, session->keywords);
	}
}
