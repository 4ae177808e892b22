/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "relay/courier.h"

static struct mailin_span
protocol_of(enum mailin_verb verb)
{
	return mailin_span_of(verb == MAILIN_VERB_HELO ? "SMTP" : "ESMTP");
}

/* Collect where the client is.  port has the text of its port. */
static void
collect_peer(const struct mailin_peer *peer, char port[12],
    struct mailin_span values[MAILIN_ATTRIBUTE_COUNT])
{
	(void)snprintf(port, 12, "%u", peer->port);
	values[MAILIN_ATTRIBUTE_NAME] = peer->name;
	values[MAILIN_ATTRIBUTE_ADDR] = peer->address;
	values[MAILIN_ATTRIBUTE_PORT] = mailin_span_of(port);
}

/* Collect the attributes that describe the client to the back end.  If a proxy
 * has described another client by XFORWARD, collect the attributes of that
 * client. */
static void
collect(const struct mailin_session *session, char port[12],
    struct mailin_span values[MAILIN_ATTRIBUTE_COUNT])
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_helo helo = { .domain = { NULL, 0 } };
	enum mailin_verb verb;
	unsigned i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		values[i] = mailin_session_attribute(session,
		    MAILIN_VERB_XFORWARD, (enum mailin_attribute)i);
	if (values[MAILIN_ATTRIBUTE_ADDR].len > 0 || peer == NULL)
		return;
	verb = mailin_session_helo(session, &helo);
	collect_peer(peer, port, values);
	values[MAILIN_ATTRIBUTE_HELO] = helo.domain;
	values[MAILIN_ATTRIBUTE_PROTO] = protocol_of(verb);
	values[MAILIN_ATTRIBUTE_SOURCE] = mailin_span_of("REMOTE");
}

void
courier_send_xforward(const struct courier *courier)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	char port[12];

	collect(courier->client->session, port, values);
	/* A back end that does not offer XFORWARD learns nothing about the
	 * client. */
	(void)mailin_client_xforward(courier->owner.link->client, values);
}

/* Collect what the back end would learn if the client had come there by itself:
 * where the client is, and which name it gave.  A proxy that this server trusts
 * may have named these facts.  The back end also learns as whom the client has
 * logged in here. */
static void
collect_facts(const struct mailin_session *session, char ports[2][12],
    struct mailin_span values[MAILIN_ATTRIBUTE_COUNT])
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_helo helo;

	values[MAILIN_ATTRIBUTE_LOGIN] = mailin_session_identity(session);
	values[MAILIN_ATTRIBUTE_PROTO] = protocol_of(
	    mailin_session_helo(session, &helo));
	values[MAILIN_ATTRIBUTE_HELO] = helo.domain;
	if (peer == NULL)
		return;
	collect_peer(peer, ports[0], values);
	(void)snprintf(ports[1], 12, "%u", peer->local_port);
	values[MAILIN_ATTRIBUTE_DESTADDR] = peer->local_address;
	values[MAILIN_ATTRIBUTE_DESTPORT] = mailin_span_of(ports[1]);
}

bool
courier_send_xclient(const struct courier *courier)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = { { NULL, 0 } };
	char ports[2][12];

	collect_facts(courier->client->session, ports, values);
	return mailin_client_xclient(courier->owner.link->client, values) ==
	    MAILIN_OK;
}

bool
courier_send_hello(const struct courier *courier)
{
	struct mailin_client *client = courier->owner.link->client;
	struct mailin_helo helo;

	(void)mailin_session_helo(courier->client->session, &helo);
	/* Postfix uses the name in EHLO as the client's name, and not the name
	 * in XCLIENT.  So EHLO is sent with the client's name, or, if the
	 * client gave none, with this server's. */
	return mailin_client_hello_as(client, helo.domain) == MAILIN_OK ||
	    mailin_client_hello(client) == MAILIN_OK;
}

void
courier_qualify(const struct courier *courier, struct mailin_path *path)
{
	const struct mailin_config *config = mailin_session_config(
	    courier->client->session);

	if (path->kind != MAILIN_PATH_UNQUALIFIED)
		return;
	path->kind = MAILIN_PATH_MAILBOX;
	path->domain_kind = MAILIN_DOMAIN_NAME;
	path->domain = mailin_span_of(mailin_config_hostname(config));
}

/* Set the parameter AUTH of MAIL.  A server that has logged in must send it
 * (RFC 4954 5).  Its value is <>, which names nobody, so the back end need not
 * trust this server to name users. */
static void
set_auth(const struct link *link, struct mailin_mail *mail)
{
	mail->parameters &= ~MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
	if (link->back_ends->credentials == NULL)
		return;
	mail->parameters |= MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
	mail->auth = mailin_span_of("<>");
}

static bool
has(const struct mailin_mail *mail, enum mailin_parameter parameter)
{
	return (mail->parameters & MAILIN_PARAMETER_BIT(parameter)) != 0;
}

/* Queue MAIL.  BODY=8BITMIME is left out if the back end does not offer it.
 * relay_octets then accepts only ASCII. */
static enum mailin_error
queue_mail(const struct courier *courier, struct mailin_mail mail,
    struct mailin_path *path)
{
	const struct link *link = courier->owner.link;

	if (has(&mail, MAILIN_PARAMETER_REQUIRETLS) &&
	    !link_offers(link, MAILIN_EXTENSION_REQUIRETLS))
		return MAILIN_ERROR_UNOFFERED;
	courier_qualify(courier, &mail.path);
	*path = mail.path;
	set_auth(link, &mail);
	if (!link_offers(link, MAILIN_EXTENSION_8BITMIME))
		mail.parameters &= ~MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_BODY);
	return mailin_client_mail(link->client, &mail);
}

enum mailin_error
courier_send_mail(const struct courier *courier, struct mailin_path *path)
{
	struct mailin_command command;

	if (mailin_session_command(courier->client->session, &command) &&
	    command.verb == MAILIN_VERB_MAIL)
		return queue_mail(courier, command.mail, path);
	return MAILIN_ERROR_STATE;
}
