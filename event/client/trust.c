/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/trust.h"
#include "io/network.h"

static bool
is_proxy(const struct mailin_trust *trust, const struct netaddr *peer)
{
	return mailin_networks_have(trust->proxy_from, trust->proxy_from_count,
	    peer);
}

bool
mailin_trust_tells(const struct mailin_trust *trust, const struct netaddr *peer)
{
	return mailin_networks_have(trust->xclient_from,
		   trust->xclient_from_count, peer) &&
	    !is_proxy(trust, peer);
}

bool
mailin_trust_has(const struct mailin_trust *trust, const struct netaddr *peer)
{
	return is_proxy(trust, peer) || mailin_trust_tells(trust, peer);
}

static void
offer_xclient(struct mailin_session *session)
{
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_XCLIENT,
	    true);
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_XFORWARD,
	    true);
}

/* Returns true if the current XCLIENT names no address, for example if it has
 * only LOGIN.  The session then keeps the proxy's address, but the octets that
 * follow come from an unknown client. */
static bool
names_no_address(const struct mailin_session *session)
{
	struct mailin_command command;

	return !mailin_session_command(session, &command) ||
	    command.attributes.values[MAILIN_ATTRIBUTE_ADDR].len == 0;
}

/* After an XCLIENT the octets on this connection come from the client that the
 * command names, so look whether that client is trusted. */
bool
mailin_trust_peer(const struct mailin_trust *trust,
    struct mailin_session *session)
{
	const struct mailin_peer *next = mailin_session_next_peer(session);
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct netaddr address;

	if (trust->proxy_from_count == 0 && trust->xclient_from_count == 0)
		return false;
	if (next != NULL && names_no_address(session))
		return false;
	if (next != NULL)
		peer = next;
	if (peer == NULL || !mailin_netaddr_read_host(&address, peer->address))
		return false;
	if (mailin_trust_tells(trust, &address))
		offer_xclient(session);
	return next == NULL && is_proxy(trust, &address) &&
	    mailin_session_expect_proxy(session) == MAILIN_OK;
}
