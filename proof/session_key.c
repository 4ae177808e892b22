/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/calls.h"
#include "session/decide.h"
#include "session_key.h"

/* Returns a number for a decision: the offset of its callback in struct
 * mailin_handler.  Decisions with the same callback differ in the verb. */
static uint8_t
number_of(const struct mailin_decision *decision)
{
	return decision != NULL ?
	    (uint8_t)(decision->callback / sizeof(void *)) :
	    0;
}

/* Returns the last octet of the address.  It is different in each address that
 * is used here. */
static uint8_t
peer_of(const struct mailin_peer *peer)
{
	if (peer == NULL)
		return 0;
	return peer->address.len > 0 ?
	    (uint8_t)peer->address.ptr[peer->address.len - 1] :
	    1;
}

static void
take_decision(struct key *key, const struct mailin_session *session)
{
	key->waiting = session->waiting;
	key->decision = number_of(session->decision);
	key->has_command_line = session->command_line.len > 0;
	key->candidate = session->candidate != NULL;
	if (session->decision == NULL)
		return;
	key->verb = (uint8_t)session->verb;
	key->early = session->early;
	key->must_wait = session->must_wait;
	key->no_enhanced = session->no_enhanced;
	if (session->decision == &mailin_decide_helo)
		key->candidate_kind = (uint8_t)session->candidate_kind;
}

static void
take_facts(struct key *key, const struct mailin_session *session)
{
	const struct mailin_proxy_facts *facts = session->proxy_facts;

	key->helo_verb = (uint8_t)session->helo_verb;
	key->has_name = session->helo_name != NULL;
	if (session->helo_name != NULL)
		key->helo_kind = (uint8_t)session->helo_kind;
	key->has_identity = session->identity != NULL;
	key->has_tls = session->tls != NULL;
	key->has_certificate = session->tls != NULL &&
	    session->tls->client_name.len > 0;
	key->peer = peer_of(session->peer);
	key->first_peer = peer_of(facts->first_peer);
	key->has_header = facts->proxied != NULL;
	key->xclient = facts->xclient != NULL;
	key->xforward = facts->xforward != NULL;
	key->proxy_has_tls = facts->proxy_has_tls;
	key->new_attributes = facts->new_attributes != NULL;
	key->withdrawn = facts->withdrawn;
	key->next_identity = facts->next_identity != NULL;
	if (facts->next_peer != NULL)
		key->next_extensions = facts->next_extensions;
}

static void
take_exchange(struct key *key, const struct mailin_session *session)
{
	const struct mailin_exchange *auth = session->auth;

	key->secret = auth->secret.len > 0;
	if (session->state != STATE_AUTH)
		return;
	key->mechanism = (uint8_t)auth->mechanism;
	key->steps = (uint8_t)auth->steps;
	key->has_username = auth->has_username;
	key->is_failing = auth->is_failing;
	key->failure = (uint8_t)auth->failure.reply;
}

static void
take_transaction(struct key *key, const struct mailin_session *session)
{
	const struct mailin_transaction *mail = session->transaction;
	size_t i;

	key->has_sender = envelope_has_sender(&mail->envelope);
	key->rcpts = (uint8_t)mail->envelope.count;
	key->utf8 = mail->utf8;
	key->binary = mail->binary;
	key->rcpt_refused = mail->rcpt_refused;
	key->end_reported = mail->end_reported;
	key->body_state = (uint8_t)mail->body.state;
	key->body_refused = mail->body.refused;
	key->body_dots = mail->body.dots;
	key->refusal = (uint8_t)mail->refusal.reply;
	key->replies_sent = (uint8_t)mail->replies_sent;
	key->decided = (uint8_t)mail->decided;
	key->over_size = mail->over_size;
	key->accepted = mail->accepted;
	key->closing = mail->closing;
	if (session->decision == &mailin_decide_data_end)
		for (i = 0; i < mail->envelope.count; i++)
			key->verdicts[i] =
			    (uint8_t)mail->envelope.recipients[i].verdict.reply;
}

static uint32_t
counter_of(const struct mailin_session *session, const struct setup *setup)
{
	if (!setup->limited)
		return 0;
	switch (setup->limit) {
	case MAILIN_LIMIT_ERRORS:
		return session->errors;
	case MAILIN_LIMIT_JUNK:
		return session->junk;
	case MAILIN_LIMIT_REFUSED_RECIPIENTS:
		return session->refused_rcpts;
	case MAILIN_LIMIT_AUTH_FAILURES:
		return session->auth_failures;
	default:
		return session->transactions;
	}
}

void
key_take(struct key *key, const struct setup *setup)
{
	const struct mailin_session *session = world.session;

	memset(key, 0, sizeof *key);
	memcpy(&key->model, &world.model, sizeof key->model);
	key->state = (uint8_t)session->state;
	key->mute = session->mute;
	if (session->state == STATE_CLOSED)
		return;
	key->extensions = session->extensions;
	key->offered = session->offered;
	key->checks = session->checks;
	key->starved = session->starved;
	key->ended = session->ended;
	key->stopping = session->stopping;
	key->awaits_silence = session->queue.sent < session->wait_for;
	key->counter = counter_of(session, setup);
	key->in_chunk = session->in_chunk;
	if (session->in_chunk) {
		key->last_chunk = session->last_chunk;
		key->is_burl = session->is_burl;
		key->chunk_left = session->chunk_left;
		key->chunk_error = (uint8_t)session->chunk_error;
	}
	if (!session->line.given)
		key->line_len = (uint8_t)session->line.carry.len;
	key->line_skipping = session->line.skipping;
	key->line_after_cr = session->line.after_cr;
	if (session->line.skipping)
		key->line_reason = (uint8_t)session->line.reason;
	take_decision(key, session);
	take_facts(key, session);
	take_exchange(key, session);
	take_transaction(key, session);
}

bool
key_equal(const struct key *a, const struct key *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

bool
key_same_but_counters(const struct key *a, const struct key *b)
{
	struct key first = *a, second = *b;

	first.counter = second.counter = 0;
	first.model.counter = second.model.counter = 0;
	return key_equal(&first, &second);
}

bool
key_is_clear(const struct mailin_session *session)
{
	static const struct mailin_body no_body;
	const struct mailin_transaction *mail = session->transaction;

	return mail->envelope.mail_len == 0 && mail->envelope.count == 0 &&
	    mail->envelope.lines.len == 0 && mail->envelope.domains == 0 &&
	    mail->envelope.last_domain == 0 && !session->in_chunk &&
	    (session->discarded == 0 || session->state == STATE_CLOSED) &&
	    session->proxy_facts->xforward == NULL &&
	    memcmp(&mail->body, &no_body, sizeof no_body) == 0 &&
	    mail->refusal.reply == MAILIN_REPLY_OK &&
	    mail->refusal.custom == NULL && mail->replies_sent == 0 &&
	    mail->decided == 0 && !mail->end_reported && !mail->utf8 &&
	    !mail->binary && !mail->rcpt_refused && !mail->over_size &&
	    !mail->accepted && !mail->closing;
}

enum mailin_state
key_state(void)
{
	return world.session->state;
}
