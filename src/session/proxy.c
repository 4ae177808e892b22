/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "proxy/line.h"
#include "session/calls.h"

/* Store the header.  Parse the stored octets, so that the spans point to
 * them. */
static bool
keep_header(struct mailin_session *session, const char *octets, size_t len)
{
	struct mailin_proxied *proxied;

	if (!mailin_session_need_proxy_facts(session))
		return false;
	proxied = mailin_alloc(session_allocator(session),
	    sizeof *proxied + len);
	if (proxied == NULL)
		return false;
	memcpy(proxied->octets, octets, len);
	(void)mailin_proxy_parse(&proxied->proxy, proxied->octets, len, &len);
	session->proxy_facts->proxied = proxied;
	return true;
}

/* If the header names a client, make it the session's peer. */
static bool
adopt_peer(struct mailin_session *session)
{
	const struct mailin_proxy *proxy = mailin_session_proxy(session);
	struct mailin_peer peer = {
		.address = mailin_span_of(proxy->source),
		.port = proxy->source_port,
		.local_address = mailin_span_of(proxy->destination),
		.local_port = proxy->destination_port,
	};

	return proxy->local || proxy->source[0] == '\0' ||
	    mailin_session_keep_peer(session, &peer);
}

/* Keep the TLS facts of the header.  If a handshake must still come,
 * mailin_session_tls_started() does this. */
static bool
adopt_tls(struct mailin_session *session)
{
	return !mailin_session_proxy(session)->tls ||
	    session_expects_tls(session) ||
	    mailin_session_adopt_tls(session, session->tls);
}

/* End the session because there is no memory.  A client that sends in clear
 * gets a reply.  A client that must begin with TLS gets no reply
 * (mailin_session_reply_close). */
static void
end_without_memory(struct mailin_session *session)
{
	mailin_session_reply_close(session, MAILIN_REPLY_NO_RESOURCES,
	    MAILIN_CLOSE_MEMORY);
}

/* Withdraw the extensions of the proxy, because the next octets come from the
 * client, and the program trusts only the proxy.  If the header came inside
 * TLS, and says nothing about the client's own TLS, then this TLS and its
 * certificate are the proxy's. */
static void
end_trust(struct mailin_session *session)
{
	struct mailin_proxy_facts *facts = session->proxy_facts;

	if (mailin_proxy_is_own(facts->proxied->octets))
		return;
	facts->proxy_has_tls = session->tls != NULL &&
	    !facts->proxied->proxy.tls;
	facts->withdrawn = session->extensions & WORDS_OF_PROXIES;
	session->extensions &= ~WORDS_OF_PROXIES;
}

static void
take_header(struct mailin_session *session, const char *octets, size_t len)
{
	session->progress++;
	session_advance(session, EVENT_PROXY, true);
	if (!keep_header(session, octets, len) || !adopt_peer(session) ||
	    !adopt_tls(session))
		end_without_memory(session);
	else
		end_trust(session);
	mailin_session_renew(session);
	session->line.carry.len = 0;
}

size_t
mailin_session_proxy_read(struct mailin_session *session, const char *octets,
    size_t len)
{
	struct mailin_buffer *carry = &session->line.carry;
	size_t before = carry->len, used;
	struct mailin_proxy proxy;
	enum mailin_proxy_result result;

	if (len > MAILIN_PROXY_V2_MOST - before)
		len = MAILIN_PROXY_V2_MOST - before;
	if (!mailin_buffer_reserve(carry, session_allocator(session),
		before + len)) {
		session_advance(session, EVENT_PROXY, true);
		end_without_memory(session);
		return len;
	}
	mailin_buffer_append(carry, octets, len);
	result = mailin_proxy_go_on(&proxy, carry->octets, carry->len, &used,
	    &session->proxy_progress);
	switch (result) {
	case MAILIN_PROXY_INCOMPLETE:
		return len;
	case MAILIN_PROXY_MALFORMED:
		mailin_session_close(session, MAILIN_CLOSE_PROTOCOL);
		return len;
	case MAILIN_PROXY_OK:
		break;
	}
	take_header(session, carry->octets, used);
	return used - before;
}
