/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include <mailin/name.h>

#include "relay/courier.h"

/* Returns the offer of the back ends, as this thread knows it. */
static struct offer
offer_of(const struct store_client *client)
{
	const struct links *links = relay_links(client);

	return links != NULL ? links_offer(links) :
			       (struct offer){ .is_known = false };
}

bool
courier_distrusts(const struct courier *courier)
{
	const struct links *links = relay_links(courier->client);

	return links != NULL && links_unsafe(links);
}

/* The extensions that are a matter between the client and this server: their
 * commands and parameters are not passed on.  Any other extension promises
 * something about the message. */
#define BIT(extension) (UINT32_C(1) << MAILIN_EXTENSION_##extension)
static const uint32_t own_extensions = BIT(PIPELINING) |
    BIT(ENHANCEDSTATUSCODES) | BIT(SIZE) | BIT(CHUNKING) | BIT(STARTTLS) |
    BIT(LIMITS) | BIT(ETRN) | BIT(BURL) | BIT(XCLIENT) | BIT(XFORWARD) |
    BIT(VRFY) | BIT(EXPN);

/* Offer the client no more than the back ends offer.  A new extension is not
 * offered unless they offer it. */
static void
set_offer(struct mailin_session *session, const struct offer *offer)
{
	uint32_t usable = own_extensions | offer->extensions;
	unsigned i;

	/* Messages are sent to back ends by DATA, which cannot send binary
	 * messages (RFC 3030 3). */
	usable &= ~BIT(BINARYMIME);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		if ((usable >> i & 1) == 0)
			(void)mailin_session_set_extension(session,
			    (enum mailin_extension)i, false);
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

/* Returns the limit of a row of shown_limits that applies to the client: the
 * limit of the back ends or that of this server, whichever is smaller.  If a
 * back end speaks LMTP, a client that speaks SMTP may name only one recipient
 * for each message (store.c). */
static uint64_t
limit_of(const struct store_client *client, const struct offer *offer, size_t i)
{
	const struct mailin_config *config = mailin_session_config(
	    client->session);
	uint64_t own = mailin_config_limit(config, shown_limits[i].limit);
	uint64_t other = offer->limits[i];

	if (other > shown_limits[i].most)
		other = 0;
	if (offer->is_lmtp &&
	    shown_limits[i].limit == MAILIN_LIMIT_RECIPIENTS &&
	    mailin_config_policy(config, MAILIN_POLICY_PROTOCOL) !=
		MAILIN_PROTOCOL_LMTP)
		other = 1;
	return limit_smaller(own, other);
}

/* Write to "text" the parameters in the line of an extension.  Returns true if
 * one of the limits in them differs from the config of the session. */
static bool
limits_differ(const struct store_client *client, const struct offer *offer,
    enum mailin_extension extension, char text[128])
{
	const struct mailin_config *config = mailin_session_config(
	    client->session);
	bool differ = false;
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < SHOWN_LIMITS; i++) {
		const struct shown_limit *shown = &shown_limits[i];
		uint64_t limit = limit_of(client, offer, i);

		if (shown->extension != extension || limit == 0)
			continue;
		differ |= limit != mailin_config_limit(config, shown->limit);
		len += (size_t)snprintf(text + len, 128 - len, "%s%s%llu",
		    len > 0 ? " " : "", shown->name, (unsigned long long)limit);
	}
	return differ;
}

/* Show the limits of the back ends that are lower than those of this server. */
enum mailin_reply
courier_hello(struct store_client *client)
{
	static const enum mailin_extension extensions[] = {
		MAILIN_EXTENSION_SIZE,
		MAILIN_EXTENSION_LIMITS,
	};
	const struct offer offer = offer_of(client);
	char text[128];
	size_t i;

	for (i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
		if (mailin_session_offers(client->session, extensions[i]) &&
		    limits_differ(client, &offer, extensions[i], text))
			(void)mailin_session_ehlo_keyword(client->session,
			    mailin_extension_name(extensions[i]), text);
	return MAILIN_REPLY_OK;
}
