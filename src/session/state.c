/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/clear.h"
#include "octet/ip_address.h"
#include "octet/wipe.h"
#include "session/calls.h"

void
mailin_session_renew(struct mailin_session *session)
{
	bool tls = session->tls != NULL;

	session->offered = mailin_extensions_useful(session->config,
	    session->extensions, tls);
	session->checks = mailin_config_checks(session->config, tls,
	    session->identity != NULL);
}

void
mailin_session_trace(struct mailin_session *session,
    enum mailin_direction direction, struct mailin_span line)
{
	bool outer = session->calling;

	if (session->handler->trace == NULL)
		return;
	session->calling = true;
	session->handler->trace(session, direction, line, session->user);
	session->calling = outer;
}

void
mailin_session_trace_line(struct mailin_session *session,
    struct mailin_span line)
{
	line.len -= 2;
	mailin_session_trace(session, MAILIN_TRACE_IN,
	    mailin_line_is_secret(line) ? mailin_span_of("AUTH <hidden>") :
					  line);
}

void
mailin_session_move_span(struct mailin_span *span, char **room)
{
	if (span->ptr == NULL)
		return;
	memcpy(*room, span->ptr, span->len);
	span->ptr = *room;
	*room += span->len;
}

/* Returns an IP address in its plain form, and other text unchanged. */
static struct mailin_span
plain_address(struct mailin_span address, char room[IP_ADDRESS_ROOM])
{
	return mailin_ip_plain(address, room) ? mailin_span_of(room) : address;
}

struct mailin_peer *
mailin_session_copy_peer(const struct mailin_session *session,
    const struct mailin_peer *peer)
{
	char address[IP_ADDRESS_ROOM], local_address[IP_ADDRESS_ROOM];
	struct mailin_peer plain = *peer, *copy;
	char *room;

	plain.address = plain_address(peer->address, address);
	plain.local_address = plain_address(peer->local_address, local_address);
	copy = mailin_alloc(session_allocator(session),
	    sizeof *copy + plain.address.len + plain.name.len +
		plain.local_address.len);
	if (copy == NULL)
		return NULL;
	*copy = plain;
	room = (char *)(copy + 1);
	mailin_session_move_span(&copy->address, &room);
	mailin_session_move_span(&copy->name, &room);
	mailin_session_move_span(&copy->local_address, &room);
	return copy;
}

bool
mailin_session_keep_peer(struct mailin_session *session,
    const struct mailin_peer *peer)
{
	struct mailin_peer *copy = mailin_session_copy_peer(session, peer);

	if (copy == NULL)
		return false;
	mailin_free(session_allocator(session), session->peer);
	session->peer = copy;
	return true;
}

/* A short name is stored in name_room if that member is not in use.  Most
 * sessions have only one name, so they allocate no memory for it. */
char *
mailin_session_copy_name(struct mailin_session *session,
    struct mailin_span name)
{
	if (session->name_room[0] != '\0' || name.len >= NAME_ROOM)
		return mailin_copy(session_allocator(session), name);
	memcpy(session->name_room, name.ptr, name.len);
	session->name_room[name.len] = '\0';
	return session->name_room;
}

void
mailin_session_free_name(struct mailin_session *session, char *name)
{
	if (name == session->name_room)
		session->name_room[0] = '\0';
	else
		mailin_free(session_allocator(session), name);
}

void
mailin_session_drop_candidate(struct mailin_session *session)
{
	mailin_session_free_name(session, session->candidate);
	session->candidate = NULL;
}

void
mailin_session_report_end(struct mailin_session *session,
    enum mailin_reset_reason reason)
{
	const struct mailin_handler *handler = session->handler;
	struct mailin_transaction *mail = session->transaction;
	bool outer = session->calling;

	if (!envelope_has_sender(&mail->envelope) || mail->end_reported)
		return;
	mail->end_reported = true;
	session->calling = true;
	if (mail->accepted && handler->delivered != NULL)
		handler->delivered(session, session->user);
	else if (!mail->accepted && handler->reset != NULL)
		handler->reset(session, reason, session->user);
	session->calling = outer;
}

/* Postfix's XFORWARD_README says: the attributes last until the transaction
 * ends. */
static RARE void
forget_xforward(struct mailin_session *session)
{
	mailin_free(session_allocator(session), session->proxy_facts->xforward);
	session->proxy_facts->xforward = NULL;
}

static void
clear_mail(struct mailin_transaction *mail,
    const struct mailin_allocator *allocator)
{
	mailin_envelope_clear(&mail->envelope, allocator);
	mailin_free(allocator, mail->refusal.custom);
	/* The members "envelope" and "gather" keep their memory; clear all
	 * other members. */
	clear(&mail->body,
	    sizeof *mail - offsetof(struct mailin_transaction, body));
}

void
mailin_session_end_transaction(struct mailin_session *session,
    enum mailin_reset_reason reason)
{
	mailin_session_report_end(session, reason);
	session->discarded = 0;
	if (session_has_proxy_facts(session))
		forget_xforward(session);
	if (envelope_has_sender(&session->transaction->envelope))
		clear_mail(session->transaction, session_allocator(session));
}

void
mailin_session_wipe_secret(struct mailin_session *session)
{
	struct mailin_exchange *auth = session->auth;

	if (!session_has_exchange(session))
		return;
	auth->has_username = false;
	auth->is_failing = false;
	wipe(auth->secret.octets, auth->secret.room);
	mailin_buffer_free(&auth->secret, session_allocator(session));
}

void
mailin_session_close(struct mailin_session *session,
    enum mailin_close_reason reason)
{
	if (session->state == STATE_CLOSED)
		return;
	session_advance(session, EVENT_CLOSE, true);
	session->in_chunk = false;
	session->decision = NULL;
	session->waiting = false;
	if (session_has_proxy_facts(session) ||
	    session_has_transaction(session))
		mailin_session_end_transaction(session, MAILIN_RESET_CLOSED);
	/* MAIL sets utf8 and binary before the handler decides.  If the session
	 * ends while this decision is PENDING, there is no transaction yet
	 * whose end would clear them, so clear them here. */
	if (session_has_transaction(session))
		session->transaction->utf8 = session->transaction->binary =
		    false;
	mailin_session_wipe_secret(session);
	/* The buffer line.carry may hold a part of a line, which may be half a
	 * password, so overwrite it.  But if the buffer holds the line that was
	 * returned last, command_line may point to it, so leave it
	 * unchanged. */
	if (!session->line.given)
		mailin_line_wipe(&session->line);
	if (session->handler->close == NULL)
		return;
	session->calling = true;
	session->handler->close(session, reason, session->user);
	session->calling = false;
}
