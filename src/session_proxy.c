/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_calls.h"

/* Keep the header: its octets first, for the spans to point into. */
static bool
keep(struct mailin_session *session, const char *octets, size_t len)
{
	struct mailin_proxied *proxied;

	if (!session_need_claims(session))
		return false;
	proxied = mailin_alloc(session_allocator(session),
	    sizeof *proxied + len);
	if (proxied == NULL)
		return false;
	memcpy(proxied->octets, octets, len);
	(void)mailin_proxy_parse(&proxied->proxy, proxied->octets, len, &len);
	session->claims->proxied = proxied;
	return true;
}

/* The true client is the one that the header names, if it names one. */
static bool
adopt(struct mailin_session *session)
{
	const struct mailin_proxy *proxy = &session->claims->proxied->proxy;
	struct mailin_peer peer = {
		.address = mailin_span_of(proxy->source),
		.port = proxy->source_port,
		.local_address = mailin_span_of(proxy->destination),
		.local_port = proxy->destination_port,
	};

	return proxy->local || proxy->source[0] == '\0' ||
	    session_keep_peer(session, &peer);
}

static void
end_header(struct mailin_session *session, enum mailin_proxy_result result,
    const char *octets, size_t len)
{
	if (result == MAILIN_PROXY_MALFORMED)
		session_close(session, MAILIN_CLOSE_PROTOCOL);
	else if (!keep(session, octets, len) || !adopt(session))
		session_reply_close(session, MAILIN_REPLY_NO_RESOURCES,
		    MAILIN_CLOSE_MEMORY);
	session->expects_proxy = false;
	session->line.carry.len = 0;
}

size_t
session_proxy_read(struct mailin_session *session, const char *octets,
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
		session_reply_close(session, MAILIN_REPLY_NO_RESOURCES,
		    MAILIN_CLOSE_MEMORY);
		return len;
	}
	mailin_buffer_append(carry, octets, len);
	result = mailin_proxy_parse(&proxy, carry->octets, carry->len, &used);
	if (result == MAILIN_PROXY_INCOMPLETE)
		return len;
	end_header(session, result, carry->octets, used);
	return result == MAILIN_PROXY_OK ? used - before : len;
}

const struct mailin_proxy *
mailin_session_proxy(const struct mailin_session *session)
{
	const struct mailin_proxied *proxied = session->claims->proxied;

	return proxied != NULL ? &proxied->proxy : NULL;
}
