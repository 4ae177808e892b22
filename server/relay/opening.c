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

/* Send a command of AUTH, or a response, that was queued. */
static void
send_secret(struct link *link)
{
	struct mailin_span out = mailin_client_output(link->client);

	if (output_add_secret(link, out))
		(void)mailin_client_sent(link->client, out.len);
	else
		link_fail(link, "no memory");
}

static void
log_in_by_plain(struct link *link)
{
	const struct credentials *credentials = link->back_ends->credentials;
	enum mailin_error error = mailin_client_auth_plain(link->client,
	    credentials->user, credentials->password);

	if (error == MAILIN_OK)
		send_secret(link);
	else
		link_fail(link,
		    error == MAILIN_ERROR_MEMORY ?
			"no memory" :
			"it offers no AUTH that can be used");
}

/* Send what SCRAM has queued.  If there was a fault, give the link up. */
static void
go_on(struct link *link, const char *fault)
{
	if (fault == NULL)
		send_secret(link);
	else
		link_fail(link, fault);
}

/* Queue AUTH with the first response.  If the line would be too long, the
 * response is sent after a challenge (RFC 4954 4). */
static enum mailin_error
begin_exchange(struct link *link, const char *mechanism,
    struct mailin_span first)
{
	enum mailin_error error = mailin_client_auth(link->client, mechanism,
	    first);

	link->holds_first = error == MAILIN_ERROR_RANGE;
	return link->holds_first ? mailin_client_auth(link->client, mechanism,
				       (struct mailin_span){ NULL, 0 }) :
				   error;
}

/* exporter is the channel binding of -PLUS, or absent. */
static void
log_in_by_scram(struct link *link, struct mailin_span exporter)
{
	struct mailin_span first = { NULL, 0 };
	const char *fault = "no memory";

	link->proof = proof_new(link->back_ends->prover, link->number,
	    link->back_ends->credentials, exporter);
	if (link->proof != NULL)
		fault = proof_step(link->proof, first, &first);
	if (fault == NULL &&
	    begin_exchange(link, proof_mechanism(exporter.len > 0), first) !=
		MAILIN_OK)
		fault = "AUTH is impossible";
	go_on(link, fault);
}

/* Use the strongest mechanism that both sides know. */
static void
log_in(struct link *link)
{
	bool has_scram = link->back_ends->prover != NULL;
	char octets[TLS_EXPORTER_SIZE];

	if (has_scram && link->tls == LINK_TLS_ON &&
	    mailin_client_offers_sasl(link->client, proof_mechanism(true)) &&
	    tls_exporter(link->io, octets))
		log_in_by_scram(link,
		    (struct mailin_span){ octets, sizeof octets });
	else if (has_scram &&
	    mailin_client_offers_sasl(link->client, proof_mechanism(false)))
		log_in_by_scram(link, (struct mailin_span){ NULL, 0 });
	else
		log_in_by_plain(link);
}

/* Respond to a challenge. */
static void
respond(struct link *link, struct mailin_span challenge)
{
	struct mailin_span response = { NULL, 0 };
	const char *fault = NULL;

	if (link->holds_first && challenge.len == 0)
		response = proof_response(link->proof);
	else
		fault = proof_step(link->proof, challenge, &response);
	link->holds_first = false;
	/* If the back end did not prove that it knows the password, pause
	 * before the next attempt: many attempts would help a false back end
	 * to guess the password. */
	link->is_refused = proof_is_distrusted(link->proof);
	if (fault == NULL &&
	    mailin_client_auth_respond(link->client, response) != MAILIN_OK)
		fault = "AUTH is impossible";
	go_on(link, fault);
}

static void
logged_in(struct link *link)
{
	proof_free(link->proof); /* it has a copy of the password */
	link->proof = NULL;
	link_opened(link);
}

static void
auth_replied(struct link *link, const struct mailin_client_reply *reply)
{
	bool is_proved = link->proof == NULL || proof_is_mutual(link->proof);

	link->is_refused = reply->code >= 500 ||
	    (reply->code == 235 && !is_proved);
	if (reply->code == 334)
		respond(link, reply->text);
	else if (reply->code == 235 && is_proved)
		logged_in(link);
	else if (reply->code == 235)
		link_fail(link, "it does not prove that it knows the password");
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
	else if (reply->of == MAILIN_CLIENT_AUTH ||
	    reply->of == MAILIN_CLIENT_SASL ||
	    reply->of == MAILIN_CLIENT_RESPONSE)
		auth_replied(link, reply);
}
