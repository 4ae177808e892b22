/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "relay/courier.h"

/* Returns the offer of the back ends, as this thread knows it. */
static struct offer
offer_of(const struct store_client *client)
{
	const struct links *links = relay_links(client->store,
	    mailin_server_base(client->session));

	return links != NULL ? links_offer(links) :
			       (struct offer){ .is_known = false };
}

bool
courier_distrusts(const struct courier *courier)
{
	const struct store_client *client = courier->client;
	const struct links *links = relay_links(client->store,
	    mailin_server_base(client->session));

	return links != NULL && links_unsafe(links);
}

/* Offer the client no more than the back ends offer. */
static void
set_offer(struct mailin_session *session, const struct offer *offer)
{
	static const enum mailin_extension relayed[] = {
		MAILIN_EXTENSION_8BITMIME,
		MAILIN_EXTENSION_SMTPUTF8,
		MAILIN_EXTENSION_DSN,
		MAILIN_EXTENSION_DELIVERBY,
		MAILIN_EXTENSION_FUTURERELEASE,
		MAILIN_EXTENSION_MT_PRIORITY,
		MAILIN_EXTENSION_REQUIRETLS,
		MAILIN_EXTENSION_RRVS,
		MAILIN_EXTENSION_MTRK,
		MAILIN_EXTENSION_NO_SOLICITING,
	};
	size_t i;

	for (i = 0; i < sizeof relayed / sizeof relayed[0]; i++)
		if ((offer->extensions >> relayed[i] & 1) == 0)
			(void)mailin_session_set_extension(session, relayed[i],
			    false);
	/* Messages are sent to back ends by DATA, which cannot send binary
	 * messages (RFC 3030 3). */
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_BINARYMIME,
	    false);
}

enum mailin_reply
courier_greet(struct mailin_session *session, void *user)
{
	const struct courier *courier = user;
	const struct offer offer = offer_of(courier->client);

	if (!offer.is_known && courier_distrusts(courier))
		return mailin_session_reply(session, 421, "4.7.5", "%s",
		    RELAY_UNSAFE);
	if (!offer.is_known)
		return mailin_session_reply(session, 421, "4.4.1", "%s",
		    RELAY_UNREACHABLE);
	set_offer(session, &offer);
	return MAILIN_REPLY_OK;
}

/* Show the limit of the back ends if it is lower than that of this server. */
enum mailin_reply
courier_hello(struct store_client *client)
{
	const struct mailin_config *config = mailin_session_config(
	    client->session);
	const struct offer offer = offer_of(client);
	const uint64_t own = mailin_config_limit(config,
	    MAILIN_LIMIT_MESSAGE_SIZE);
	char text[32];

	if (offer.size == 0 || (own != 0 && offer.size >= own) ||
	    !mailin_session_offers(client->session, MAILIN_EXTENSION_SIZE))
		return MAILIN_REPLY_OK;
	snprintf(text, sizeof text, "%llu", (unsigned long long)offer.size);
	(void)mailin_session_ehlo_keyword(client->session, "SIZE", text);
	return MAILIN_REPLY_OK;
}
