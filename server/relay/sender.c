/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "relay/courier.h"

static void
set_text(struct mailin_span *values, enum mailin_attribute attribute,
    struct mailin_span value)
{
	values[attribute] = value;
}

/* Collect what the back end is told about the client.  If a proxy in front has
 * described another client by XFORWARD, that one is told. */
static void
collect(const struct mailin_session *session, char port[12],
    struct mailin_span values[MAILIN_ATTRIBUTE_COUNT])
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_helo helo = { .domain = { NULL, 0 } };
	unsigned i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		values[i] = mailin_session_attribute(session,
		    MAILIN_VERB_XFORWARD, (enum mailin_attribute)i);
	if (values[MAILIN_ATTRIBUTE_ADDR].len > 0 || peer == NULL)
		return;
	(void)mailin_session_helo(session, &helo);
	snprintf(port, 12, "%u", peer->port);
	set_text(values, MAILIN_ATTRIBUTE_NAME, peer->name);
	set_text(values, MAILIN_ATTRIBUTE_ADDR, peer->address);
	set_text(values, MAILIN_ATTRIBUTE_PORT, mailin_span_of(port));
	set_text(values, MAILIN_ATTRIBUTE_HELO, helo.domain);
	set_text(values, MAILIN_ATTRIBUTE_PROTO,
	    mailin_span_of(
		mailin_session_helo(session, NULL) == MAILIN_VERB_HELO ?
		    "SMTP" :
		    "ESMTP"));
	set_text(values, MAILIN_ATTRIBUTE_SOURCE, mailin_span_of("REMOTE"));
}

void
courier_send_xforward(const struct courier *courier)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	char port[12];

	collect(courier->client->session, port, values);
	/* If the back end does not offer XFORWARD, it is not told. */
	(void)mailin_client_xforward(courier->owner.link->client, values);
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

#define PARAMETER_BIT(parameter) (UINT32_C(1) << (parameter))

/* Queue MAIL.  BODY=8BITMIME is left out if the back end does not offer it:
 * then only ASCII is accepted (relay_octets).  The back end does not trust this
 * server about who has logged in. */
static enum mailin_error
queue_mail(const struct courier *courier, struct mailin_mail mail)
{
	struct mailin_client *client = courier->owner.link->client;

	courier_qualify(courier, &mail.path);
	mail.parameters &= ~PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
	if (!mailin_client_offers(client, MAILIN_EXTENSION_8BITMIME))
		mail.parameters &= ~PARAMETER_BIT(MAILIN_PARAMETER_BODY);
	return mailin_client_mail(client, &mail);
}

enum mailin_error
courier_send_mail(const struct courier *courier)
{
	struct mailin_command command;

	if (mailin_session_command(courier->client->session, &command) &&
	    command.verb == MAILIN_VERB_MAIL)
		return queue_mail(courier, command.mail);
	return MAILIN_ERROR_STATE;
}
