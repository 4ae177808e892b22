/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#include "octet/wipe.h"
#include "relay/output.h"

static struct evbuffer *
output_of(const struct link *link)
{
	return bufferevent_get_output(link->io);
}

/* Returns true if the bufferevent sends the output, and not the code in this
 * file. */
static bool
is_left_to_bufferevent(const struct link *link)
{
	return link->tls != LINK_TLS_NONE ||
	    (bufferevent_get_enabled(link->io) & EV_WRITE) != 0;
}

void
output_push(struct link *link)
{
	struct evbuffer *output = output_of(link);

	if (is_left_to_bufferevent(link))
		return;
	/* A bufferevent freezes its output, so that nobody else takes octets
	 * from it.  If an error occurs here, the bufferevent gets the same
	 * error later, and reports it. */
	(void)evbuffer_unfreeze(output, 1);
	(void)evbuffer_write(output, bufferevent_getfd(link->io));
	(void)evbuffer_freeze(output, 1);
	if (evbuffer_get_length(output) > 0)
		(void)bufferevent_enable(link->io, EV_WRITE);
}

static void
on_turn_end(evutil_socket_t fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	output_push(argument);
}

void
output_init(struct link *link)
{
	event_assign(&link->push, link->set->base, -1, 0, on_turn_end, link);
}

void
output_free(struct link *link)
{
	event_del(&link->push);
}

void
output_take_over(struct link *link)
{
	if (link->tls == LINK_TLS_NONE &&
	    evbuffer_get_length(output_of(link)) == 0)
		(void)bufferevent_disable(link->io, EV_WRITE);
}

/* When the turn of the event loop ends, send the octets that were added. */
static void
send_later(struct link *link)
{
	if (!is_left_to_bufferevent(link))
		event_active(&link->push, EV_WRITE, 0);
}

bool
output_add(struct link *link, struct mailin_span octets)
{
	if (bufferevent_write(link->io, octets.ptr, octets.len) != 0)
		return false;
	send_later(link);
	return true;
}

static void
wipe_copy(const void *octets, size_t len, void *argument)
{
	(void)argument;
	wipe((void *)octets, len);
	free((void *)octets);
}

bool
output_add_secret(struct link *link, struct mailin_span octets)
{
	char *copy = malloc(octets.len);

	if (copy == NULL)
		return false;
	memcpy(copy, octets.ptr, octets.len);
	if (evbuffer_add_reference(output_of(link), copy, octets.len, wipe_copy,
		NULL) != 0) {
		wipe_copy(copy, octets.len, NULL);
		return false;
	}
	send_later(link);
	return true;
}

size_t
output_waiting(const struct link *link)
{
	return evbuffer_get_length(output_of(link));
}

bool
output_has_room(const struct link *link)
{
	bool is_socket_full = link->tls == LINK_TLS_NONE &&
	    is_left_to_bufferevent(link);

	return output_waiting(link) <=
	    (is_socket_full ? LINK_EMPTY : LINK_FULL - 1);
}
