/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>

#include "metrics/counters.h"
#include "relay/link_list.h"
#include "relay/output.h"

/* The seconds within which a new connection must become usable, and the seconds
 * for which an idle connection is kept. */
#define OPENING_TIME 10
#define IDLE_TIME    30

/* A link (a connection to a back end) is used again only if at most this many
 * commands were refused since the last accepted message.  Servers such as
 * Postfix become slow after many refusals, and then end the session.  Another
 * client must not suffer from that. */
#define REFUSALS_MOST 4

/* ---- Closing a link ---- */

static void
set_phase(struct link *link, enum link_phase phase)
{
	link->set->clearing -= link->phase == LINK_CLEARING;
	link->set->clearing += phase == LINK_CLEARING;
	link->phase = phase;
}

static void
free_link(struct link *link)
{
	output_free(link);
	if (link->io != NULL)
		bufferevent_free(link->io);
	proof_free(link->proof);
	mailin_client_free(link->client);
	back_ends_drop(link->back_ends);
	free(link);
}

void
link_close(struct link *link)
{
	if (link->is_closed)
		return;
	link->is_closed = true;
	link->set->clearing -= link->phase == LINK_CLEARING;
	link->set->spare -= link->owner == NULL;
	event_del(&link->timer);
	leave_list(link);
	if (link->owner != NULL)
		link->owner->link = NULL;
	link->owner = NULL;
	if (!link->is_reading)
		free_link(link);
}

void
link_fail(struct link *link, const char *reason)
{
	struct link_owner *owner = link->owner;
	bool is_opening = link->phase == LINK_OPENING;
	bool is_reading = link->is_reading;

	if (link->is_closed)
		return;
	link->is_reading = true; /* so that link_close does not free it */
	link_close(link);
	if (is_opening)
		link->set->failed(link, owner, reason);
	else if (owner != NULL) {
		link->set->broke(link, reason);
		owner->gone(owner, link->is_late);
	}
	if (!is_reading)
		free_link(link);
}

/* ---- Output ---- */

static void
wait_for(struct link *link, unsigned seconds)
{
	const struct timeval time = { .tv_sec = (time_t)seconds };

	if (event_add(&link->timer, &time) != 0)
		event_active(&link->timer, EV_TIMEOUT, 1); /* no memory */
}

/* Set the timer, which limits how long the link stays in its current state.
 * The reply to a message may take twice as long as others, as in RFC 5321
 * 4.5.3.2. */
static void
set_timer(struct link *link)
{
	unsigned timeout = link->back_ends->timeout;

	if (link->is_closed || link->phase == LINK_OPENING)
		return;
	if (link->phase == LINK_IDLE)
		wait_for(link, IDLE_TIME);
	else if (mailin_client_awaited(link->client) > 0)
		wait_for(link,
		    mailin_client_awaits(link->client) ==
			    MAILIN_CLIENT_MESSAGE ?
			2 * timeout :
			timeout);
	else
		event_del(&link->timer);
}

void
link_flush(struct link *link)
{
	struct mailin_span out = mailin_client_output(link->client);

	if (out.len == 0)
		return;
	for (; out.len > 0; out = mailin_client_output(link->client)) {
		if (!output_add(link, out)) {
			link_fail(link, "no memory");
			return;
		}
		(void)mailin_client_sent(link->client, out.len);
	}
	set_timer(link);
}

bool
link_send(struct link *link, struct mailin_span octets)
{
	if (!output_add(link, octets)) {
		link_fail(link, "no memory");
		return true;
	}
	if (output_waiting(link) >= LINK_FULL)
		output_push(link);
	if (output_has_room(link))
		return true;
	/* The back end must read in time. */
	wait_for(link, link->back_ends->timeout);
	return false;
}

/* ---- Replies ---- */

/* Queue RSET or QUIT on a link without an owner, and wait for the reply.  If
 * that is impossible, close the link.  Only half of spare_most links may wait,
 * because a back end may never send the reply. */
static void
clear(struct link *link,
    enum mailin_error (*command)(struct mailin_client *client))
{
	if (link->set->clearing >= (link->set->spare_most + 1) / 2 ||
	    command(link->client) != MAILIN_OK) {
		link_close(link);
		return;
	}
	set_phase(link, LINK_CLEARING);
	link_flush(link);
}

static void
become_idle(struct link *link)
{
	if (!mailin_client_ready(link->client)) {
		link_close(link);
		return;
	}
	if (link->refusals > REFUSALS_MOST || !link->set->may_stay(link)) {
		clear(link, mailin_client_quit);
		return;
	}
	set_phase(link, LINK_IDLE);
	move_to(link, &link->set->idle);
	set_timer(link);
}

void
link_leave(struct link *link)
{
	if (link->is_closed)
		return;
	if (link->set->spare >= link->set->spare_most) {
		link_take_leave(link);
		link_close(link);
		return;
	}
	link->owner->link = NULL;
	link->owner = NULL;
	link->set->spare++;
	if (link->phase == LINK_OPENING)
		return;
	if (mailin_client_ready(link->client))
		become_idle(link);
	else if (mailin_client_awaits(link->client) == MAILIN_CLIENT_MESSAGE)
		set_phase(link, LINK_CLEARING); /* it has it all */
	else
		clear(link, mailin_client_rset);
}

void
link_opened(struct link *link)
{
	struct link_owner *owner = link->owner;

	link->set->opened(link);
	set_phase(link, LINK_OWNED);
	event_del(&link->timer);
	if (owner != NULL)
		owner->ready(owner);
	else
		become_idle(link);
}

static void
note_reply(struct link *link, const struct mailin_client_reply *reply)
{
	link->transactions += reply->of == MAILIN_CLIENT_MAIL;
	if (reply->code >= 400)
		link->refusals++;
	else if (reply->of == MAILIN_CLIENT_MESSAGE)
		link->refusals = 0;
}

static void
dispatch(struct link *link, const struct mailin_client_reply *reply)
{
	note_reply(link, reply);
	if (reply->of == MAILIN_CLIENT_NONE)
		link_fail(link, "it closes the connection");
	else if (link->phase == LINK_OPENING)
		link->set->replied(link, reply);
	else if (reply->of == MAILIN_CLIENT_QUIT)
		link_close(link);
	else if (link->phase == LINK_OWNED)
		link->owner->reply(link->owner, reply);
	else if (mailin_client_awaited(link->client) == 0)
		become_idle(link);
}

/* Pass octets at the front of the input to link->client, which parses
 * replies. */
static void
read_some(struct link *link, struct evbuffer *input)
{
	size_t len = evbuffer_get_contiguous_space(input);
	struct mailin_span octets = {
		(char *)evbuffer_pullup(input, (ev_ssize_t)len), len
	};
	struct mailin_client_reply reply;
	enum mailin_client_event event = mailin_client_feed(link->client,
	    &octets, &reply);

	(void)evbuffer_drain(input, len - octets.len);
	if (event == MAILIN_CLIENT_FAULT)
		link_fail(link, "it breaks the protocol");
	if (event != MAILIN_CLIENT_REPLY)
		return;
	/* Only a whole reply sets the timer again.  Otherwise a back end that
	 * sends octet by octet could hold the link for ever. */
	dispatch(link, &reply);
	set_timer(link);
}

static void
on_input(struct bufferevent *io, void *argument)
{
	struct link *link = argument;
	struct evbuffer *input = bufferevent_get_input(io);

	link->is_reading = true;
	while (!link->is_closed && evbuffer_get_length(input) > 0)
		read_some(link, input);
	if (!link->is_closed)
		link_flush(link);
	if (!link->is_closed)
		link->set->has_read(link);
	link->is_reading = false;
	if (link->is_closed)
		free_link(link);
}

static void
on_drained(struct bufferevent *io, void *argument)
{
	struct link *link = argument;

	(void)io;
	output_take_over(link);
	set_timer(link);
	if (link->phase == LINK_OWNED)
		link->owner->drained(link->owner);
}

static void
on_event(struct bufferevent *io, short what, void *argument)
{
	struct link *link = argument;
	const char *fault = tls_fault(io);

	if ((what & BEV_EVENT_CONNECTED) != 0) {
		output_take_over(link);
		link->set->connected(link);
	} else if ((what & BEV_EVENT_EOF) != 0)
		link_fail(link, "it has closed the connection");
	else if ((what & BEV_EVENT_ERROR) != 0)
		link_fail(link,
		    fault != NULL ?
			fault :
			evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
}

static void
on_time(evutil_socket_t fd, short what, void *argument)
{
	struct link *link = argument;

	(void)fd;
	(void)what;
	if (link->phase == LINK_IDLE) {
		move_to(link, &link->set->busy);
		clear(link, mailin_client_quit);
		return;
	}
	link->is_late = true;
	link_fail(link, "it took too long");
}

/* ---- Opening a link ---- */

static struct link *
new_link(struct link_set *set, struct back_ends *back_ends, size_t number)
{
	struct link *link = calloc(1, sizeof *link);

	if (link == NULL)
		return NULL;
	link->set = set;
	output_init(link);
	link->number = number;
	link->back_ends = back_ends_hold(back_ends);
	if (link_equip(link))
		return link;
	free_link(link);
	errno = ENOMEM; /* libevent does not set errno */
	return NULL;
}

bool
link_watch(struct link *link, short what)
{
	bufferevent_setwatermark(link->io, EV_WRITE, LINK_EMPTY, 0);
	/* Limit the input that is kept in memory, however much the back end
	 * sends, because link->client reads only as much as one reply needs. */
	bufferevent_setwatermark(link->io, EV_READ, 0, LINK_FULL);
	bufferevent_setcb(link->io, on_input, on_drained, on_event, link);
	return bufferevent_enable(link->io, what) == 0;
}

struct link *
link_open(struct link_set *set, struct back_ends *back_ends, size_t number,
    struct link_owner *owner)
{
	struct link *link = new_link(set, back_ends, number);
	int error;

	if (link == NULL)
		return NULL;
	count(COUNT_BACK_END_CONNECTIONS, 1);
	evtimer_assign(&link->timer, set->base, on_time, link);
	join_list(link, &set->busy);
	link->owner = owner;
	owner->link = link;
	wait_for(link, OPENING_TIME);
	if (!link_connect(link)) {
		error = errno;
		link_close(link);
		errno = error;
		return NULL;
	}
	/* Watch the socket only now: a failure above must cause no event. */
	(void)link_watch(link, link_wants(link));
	return link;
}

void
link_give(struct link *link, struct link_owner *owner)
{
	move_to(link, &link->set->busy);
	event_del(&link->timer);
	set_phase(link, LINK_OWNED);
	link->set->spare--;
	link->owner = owner;
	owner->link = link;
}
