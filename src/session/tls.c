/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/span.h"
#include "session/step.h"

/* TLS.  This file carries out STARTTLS, from the handler's verdict to the
 * handshake.  After the handshake the session forgets what the client said
 * before (RFC 3207 4.2).  The file also stores the facts of a handshake with
 * this server or with a proxy.  Other files call session_awaits_handshake()
 * (data.h) to find out whether STARTTLS is waiting for the handshake. */

static void
starttls_decided(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	if (yes) {
		mailin_session_end_transaction(session, MAILIN_RESET_STARTTLS);
		session->tls_reply = session->queue.added;
	}
	/* CVE-2011-0411: an attacker may have injected octets in clear, before
	 * the 220 was sent. */
	if (yes && session->early) {
		mailin_session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
		return;
	}
	session_advance(session, session_event(MAILIN_VERB_STARTTLS), yes);
	mailin_session_send(session, reply);
}

ASKS(starttls, (session, session->user))

const struct mailin_decision mailin_decide_starttls = {
	DECISION(starttls, START_TLS, START_TLS, 220),
	.carry_out = starttls_decided,
};

/* ---- The facts of TLS ---- */

/* Store a copy of tls.  Returns false if there is no memory. */
static bool
keep_tls(struct mailin_session *session, const struct mailin_tls *tls)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_tls *copy = mailin_alloc(allocator,
	    sizeof *copy + tls->version.len + tls->cipher.len + tls->sni.len +
		tls->alpn.len + tls->client_name.len +
		tls->channel_binding.len);
	char *room;

	if (copy == NULL)
		return false;
	*copy = *tls;
	room = (char *)(copy + 1);
	mailin_session_move_span(&copy->version, &room);
	mailin_session_move_span(&copy->cipher, &room);
	mailin_session_move_span(&copy->sni, &room);
	mailin_session_move_span(&copy->alpn, &room);
	mailin_session_move_span(&copy->client_name, &room);
	mailin_session_move_span(&copy->channel_binding, &room);
	mailin_free(allocator, session->tls);
	session->tls = copy;
	return true;
}

/* Drop the name of a TLS version or cipher that is too long for a header field.
 * Real names have at most 50 octets. */
static struct mailin_span
tls_word(struct mailin_span word)
{
	return word.len <= 64 ? word : (struct mailin_span){ NULL, 0 };
}

/*
 * Take the facts of TLS between client and proxy.  If there was also a
 * handshake between the proxy and this server (shaken), version and cipher are
 * those of this handshake.  Its certificate and channel binding belong to the
 * proxy, so drop them.  Otherwise each client of the proxy could log in as the
 * proxy (EXTERNAL).
 */
static void
add_proxied_tls(struct mailin_tls *tls, const struct mailin_proxy *proxy,
    bool shaken)
{
	static const struct mailin_span none;

	if (!shaken) {
		tls->version = tls_word(proxy->tls_version);
		tls->cipher = tls_word(proxy->tls_cipher);
	}
	if (proxy->authority.ptr != NULL)
		tls->sni = proxy->authority;
	if (proxy->alpn.ptr != NULL)
		tls->alpn = proxy->alpn;
	tls->client_name = proxy->tls_verified && proxy->tls_name.len > 0 ?
	    proxy->tls_name :
	    none;
	tls->channel_binding = none;
}

bool
mailin_session_adopt_tls(struct mailin_session *session,
    const struct mailin_tls *shaken)
{
	const struct mailin_proxy *proxy = mailin_session_proxy(session);
	struct mailin_tls tls = { .version = { NULL, 0 } };

	if (shaken != NULL)
		tls = *shaken;
	if (proxy != NULL && proxy->tls)
		add_proxied_tls(&tls, proxy, shaken != NULL);
	return keep_tls(session, &tls);
}

/* ---- The handshake ---- */

/* RFC 3207 4.2: forget all that the client said before.  This includes what
 * XCLIENT said: the proxy itself is the client again. */
static void
forget_client(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	mailin_session_xclient_forget(session);
	mailin_session_free_name(session, session->helo_name);
	mailin_free(allocator, session->identity);
	session->helo_name = NULL;
	session->identity = NULL;
	session->helo_verb = MAILIN_VERB_UNKNOWN;
}

/* May a handshake begin now?  All replies in clear must have been sent. */
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
