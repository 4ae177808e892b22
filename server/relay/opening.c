/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "relay/opening.h"
#include "relay/output.h"

/* ---- TLS ---- */

/* Give the link up, because TLS with the back end is impossible or failed. */
static void
distrust(struct link *link, const char *reason)
{
	link->tls = LINK_TLS_FAILED;
	link_fail(link, reason);
}

/* Start TLS, which moves the socket to a new bufferevent.  The old bufferevent
 * has read no octet that link->client has not seen, so no octet in clear can be
 * taken for one that came inside TLS. */
static void
start_tls(struct link *link)
{
	struct bufferevent *old = link->io;
	struct bufferevent *io = tls_start(link->set->base,
	    bufferevent_getfd(old), link->back_ends->trust,
	    link->back_ends->items[link->number].host);

	if (io == NULL) {
		link_fail(link, "no memory");
		return;
	}
	(void)bufferevent_setfd(old, -1);
	bufferevent_free(old);
	link->io = io;
	link->tls = LINK_TLS_HANDSHAKE;
	if (!link_watch(link, EV_READ | EV_WRITE))
		link_fail(link, "cannot start TLS");
}

static void
ask_for_tls(struct link *link)
{
	if (mailin_client_starttls(link->client) != MAILIN_OK)
		distrust(link, "it does not offer STARTTLS");
}

static void
tls_replied(struct link *link, const struct mailin_client_reply *reply)
{
	if (reply->code == 220)
		link->tls = LINK_TLS_ACCEPTED;
	else
		distrust(link, "it refuses STARTTLS");
}

void
opening_read(struct link *link)
{
	if (link->tls == LINK_TLS_ACCEPTED)
		start_tls(link);
}

/* Returns false if the link has failed. */
static bool
say_hello(struct link *link)
{
	if (mailin_client_hello(link->client) == MAILIN_OK)
		return true;
	link_fail(link, "EHLO is impossible");
	return false;
}

static void
handshake_done(struct link *link)
{
	link->tls = LINK_TLS_ON;
	if (link->back_ends->tls != TLS_STARTTLS)
		return;
	if (mailin_client_tls_started(link->client) != MAILIN_OK) {
		distrust(link, "it breaks the protocol");
		return;
	}
	if (say_hello(link))
		link_flush(link);
}

void
opening_connected(struct link *link)
{
	if (link->tls == LINK_TLS_HANDSHAKE)
		handshake_done(link);
	else if (link->back_ends->tls == TLS_IMPLICIT)
		start_tls(link);
}

/* ---- AUTH ---- */

static void
log_in(struct link *link)
{
	const struct credentials *credentials = link->back_ends->credentials;
	struct mailin_span out;

	if (mailin_client_auth_plain(link->client, credentials->user,
		credentials->password) != MAILIN_OK) {
		link_fail(link, "it does not offer AUTH PLAIN");
		return;
	}
	out = mailin_client_output(link->client);
	if (output_add_secret(link, out))
		(void)mailin_client_sent(link->client, out.len);
	else
		link_fail(link, "no memory");
}

static void
auth_replied(struct link *link, const struct mailin_client_reply *reply)
{
	link->is_refused = reply->code >= 500;
	if (reply->code == 235)
		link_opened(link);
	else if (reply->code == 535)
		link_fail(link, "it refuses the user or the password");
	else
		link_fail(link, "it refuses AUTH");
}

/* ---- Replies ---- */

static void
greeted(struct link *link, const struct mailin_client_reply *reply)
{
	if (reply->code >= 300)
		link_fail(link, "its greeting refuses");
	else
		(void)say_hello(link);
}

static void
hello_replied(struct link *link, const struct mailin_client_reply *reply)
{
	if (reply->code >= 300)
		link_fail(link, "it refuses EHLO");
	else if (link->back_ends->tls != TLS_NONE && link->tls != LINK_TLS_ON)
		ask_for_tls(link);
	else if (link->back_ends->credentials != NULL)
		log_in(link);
	else if (link->back_ends->xclient && !link_takes_clients(link))
		link_fail(link, "it does not offer XCLIENT ADDR and LOGIN");
	else
		link_opened(link);
}

void
opening_replied(struct link *link, const struct mailin_client_reply *reply)
{
	if (reply->of == MAILIN_CLIENT_GREETING)
		greeted(link, reply);
	else if (reply->of == MAILIN_CLIENT_HELLO)
		hello_replied(link, reply);
	else if (reply->of == MAILIN_CLIENT_STARTTLS)
		tls_replied(link, reply);
	else if (reply->of == MAILIN_CLIENT_AUTH)
		auth_replied(link, reply);
}
