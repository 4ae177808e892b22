/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <mailin/event.h>

#include "io/network.h"

static bool
is_proxy(const struct mailin_trust *trust, const struct netaddr *peer)
{
	return mailin_networks_have(trust->proxy_from, trust->proxy_from_count,
	    peer);
}

/* XCLIENT and XFORWARD are offered to the peer itself.  If they were offered to
 * a peer in proxy_from, each client behind that proxy could use them. */
static bool
may_tell(const struct mailin_trust *trust, const struct netaddr *peer)
{
	return mailin_networks_have(trust->xclient_from,
		   trust->xclient_from_count, peer) &&
	    !is_proxy(trust, peer);
}

static void
offer_xclient(struct mailin_session *session)
{
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_XCLIENT,
	    true);
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_XFORWARD,
	    true);
}

/* After an XCLIENT the octets on this connection are those of the client that
 * it names, so ask about that client.  An XCLIENT without another address, such
 * as one with LOGIN alone, names a client that nobody knows. */
bool
mailin_trust_peer(const struct mailin_trust *trust,
    struct mailin_session *session)
{
	const struct mailin_peer *next = mailin_session_next_peer(session);
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct netaddr address;

	if (trust->proxy_from_count == 0 && trust->xclient_from_count == 0)
		return false;
	if (next != NULL) {
		if (peer != NULL &&
		    mailin_span_iequal_span(next->address, peer->address))
			return false;
		peer = next;
	}
	if (peer == NULL || !mailin_netaddr_read_host(&address, peer->address))
		return false;
	if (may_tell(trust, &address))
		offer_xclient(session);
	return next == NULL && is_proxy(trust, &address) &&
	    mailin_session_expect_proxy(session) == MAILIN_OK;
}
