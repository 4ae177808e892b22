/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "relay/link.h"

bool
link_equip(struct link *link)
{
	const struct back_ends *back_ends = link->back_ends;
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = back_ends->hostname,
		.protocol = back_ends->lmtp ? MAILIN_PROTOCOL_LMTP :
					      MAILIN_PROTOCOL_SMTP,
		.syntax = MAILIN_SYNTAX_RELAXED,
		.recipients = 100000,
	};

	link->client = mailin_client_new(&options);
	link->io = bufferevent_socket_new(link->set->base, -1,
	    BEV_OPT_CLOSE_ON_FREE);
	return link->client != NULL && link->io != NULL;
}

/* Send small commands at once, even if earlier ones are not acknowledged. */
static void
send_at_once(const struct link *link)
{
	static const int on = 1;

	(void)setsockopt(bufferevent_getfd(link->io), IPPROTO_TCP, TCP_NODELAY,
	    &on, sizeof on);
}

short
link_wants(const struct link *link)
{
	return link->back_ends->tls == TLS_IMPLICIT ? EV_WRITE :
						      EV_READ | EV_WRITE;
}

bool
link_connect(struct link *link)
{
	struct place *place = &link->back_ends->items[link->number].place;

	if (bufferevent_enable(link->io, link_wants(link)) != 0 ||
	    bufferevent_socket_connect(link->io,
		(struct sockaddr *)&place->address, (int)place->len) != 0)
		return false;
	if (place->address.ss_family != AF_UNIX)
		send_at_once(link);
	return true;
}

bool
link_offers(const struct link *link, enum mailin_extension extension)
{
	return mailin_client_offers(link->client, extension) &&
	    (extension != MAILIN_EXTENSION_REQUIRETLS ||
		link->tls == LINK_TLS_ON);
}

bool
link_takes_clients(const struct link *link)
{
	return mailin_client_offers_attribute(link->client, MAILIN_VERB_XCLIENT,
		   MAILIN_ATTRIBUTE_ADDR) &&
	    mailin_client_offers_attribute(link->client, MAILIN_VERB_XCLIENT,
		MAILIN_ATTRIBUTE_LOGIN);
}

void
link_take_leave(struct link *link)
{
	struct mailin_span out;

	if (link->phase == LINK_OPENING || !mailin_client_ready(link->client) ||
	    mailin_client_quit(link->client) != MAILIN_OK)
		return;
	out = mailin_client_output(link->client);
	/* An error does not matter, because the connection ends anyway. */
	if (link->tls == LINK_TLS_ON)
		tls_write_last(link->io, out.ptr, out.len);
	else if (write(bufferevent_getfd(link->io), out.ptr, out.len) < 0)
		return;
}
