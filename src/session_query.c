/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_data.h"

/* Copy a span to *room and go behind it; the copy takes its place. */
static void
move_span(struct mailin_span *span, char **room)
{
	if (span->ptr == NULL)
		return;
	memcpy(*room, span->ptr, span->len);
	span->ptr = *room;
	*room += span->len;
}

enum mailin_error
mailin_session_set_peer(struct mailin_session *session,
    const struct mailin_peer *peer)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_peer *copy;
	char *room;

	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (session->state != STATE_NEW || session->waiting)
		return MAILIN_ERROR_STATE;
	copy = mailin_alloc(allocator, sizeof *copy + peer->address.len +
	    peer->name.len + peer->local_address.len);
	if (copy == NULL)
		return MAILIN_ERROR_MEMORY;
	*copy = *peer;
	room = (char *)(copy + 1);
	move_span(&copy->address, &room);
	move_span(&copy->name, &room);
	move_span(&copy->local_address, &room);
	mailin_free(allocator, session->peer);
	session->peer = copy;
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
	move_span(&copy->version, &room);
	move_span(&copy->cipher, &room);
	move_span(&copy->sni, &room);
	move_span(&copy->alpn, &room);
	move_span(&copy->client_name, &room);
	move_span(&copy->channel_binding, &room);
	return copy;
}

/* RFC 3207 4.2: discard any knowledge obtained from the client before. */
static void
forget_client(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	mailin_free(allocator, session->helo_name);
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
	session_leave(session);
	return MAILIN_OK;
}

const struct mailin_config *
mailin_session_config(const struct mailin_session *session)
{
	return session->config;
}

const struct mailin_peer *
mailin_session_peer(const struct mailin_session *session)
{
	return session->peer;
}

const struct mailin_tls *
mailin_session_tls(const struct mailin_session *session)
{
	return session->tls;
}

static struct mailin_span
span_or_none(const char *text)
{
	return text != NULL ? mailin_span_of(text)
	    : (struct mailin_span){ NULL, 0 };
}

enum mailin_verb
mailin_session_helo(const struct mailin_session *session,
    struct mailin_helo *helo)
{
	if (helo != NULL)
		*helo = (struct mailin_helo){
			.domain = span_or_none(session->helo_name),
			.domain_kind = session->helo_name != NULL
			    ? session->helo_kind : MAILIN_DOMAIN_NONE,
		};
	return session->greeting;
}

struct mailin_span
mailin_session_identity(const struct mailin_session *session)
{
	return span_or_none(session->identity);
}

/* RFC 3848; RFC 6531 4.3: by UTF-8, TLS and AUTH. */
const char *
mailin_session_protocol(const struct mailin_session *session)
{
	static const char esmtp[8][12] = {
		"ESMTP", "ESMTPA", "ESMTPS", "ESMTPSA",
		"UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA",
	};
	static const char lmtp[8][12] = {
		"LMTP", "LMTPA", "LMTPS", "LMTPSA",
		"UTF8LMTP", "UTF8LMTPA", "UTF8LMTPS", "UTF8LMTPSA",
	};
	int index = 4 * session->utf8 + 2 * (session->tls != NULL) +
	    (session->identity != NULL);

	switch (session->greeting) {
	case MAILIN_VERB_LHLO:
		return lmtp[index];
	case MAILIN_VERB_EHLO:
		return esmtp[index];
	default:
		return "SMTP";
	}
}

bool
mailin_session_mail(const struct mailin_session *session,
    struct mailin_mail *mail)
{
	return mailin_envelope_mail(&session->envelope,
	    session_syntax(session), mail);
}

size_t
mailin_session_rcpt_count(const struct mailin_session *session)
{
	return session->envelope.count;
}

bool
mailin_session_rcpt(const struct mailin_session *session, size_t index,
    struct mailin_rcpt *rcpt)
{
	return mailin_envelope_rcpt(&session->envelope,
	    session_syntax(session), index, rcpt);
}

bool
mailin_session_command(const struct mailin_session *session,
    struct mailin_command *command)
{
	struct mailin_span line = session->command_line;

	if (session->decision == DECIDE_NOTHING || line.len == 0)
		return false;
	return mailin_command_parse_as(command, session_syntax(session),
	    line.ptr, line.len) > 0;
}

struct mailin_facts
mailin_session_facts(const struct mailin_session *session)
{
	return session->body.facts;
}
