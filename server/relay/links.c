/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"
#include "metrics/counters.h"
#include "relay/links.h"
#include "relay/opening.h"

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Close the idle links, because nobody will use them again. */
static void
close_idle(struct links *links)
{
	struct link *link, *next;

	for (link = links->set.idle; link != NULL; link = next) {
		next = link->next;
		link_take_leave(link);
		link_close(link);
	}
}

bool
links_exchange(struct links *links, struct back_ends *back_ends)
{
	struct back_end_state *states = calloc(back_ends->count,
	    sizeof *states);

	if (states == NULL)
		return false;
	close_idle(links);
	free(links->states);
	back_ends_drop(links->back_ends);
	links->states = states;
	links->back_ends = back_ends_hold(back_ends);
	links->turn = 0;
	return true;
}

void
links_free(struct links *links)
{
	if (links == NULL)
		return;
	close_idle(links);
	while (links->set.busy != NULL)
		link_close(links->set.busy);
	free(links->states);
	back_ends_drop(links->back_ends);
	free(links);
}

/* ---- Taking a link ---- */

/* Returns false if an idle link cannot be used: unexpected input has arrived,
 * or the end of the input. */
static bool
is_quiet(const struct link *link)
{
	char octet;
	ssize_t len = recv(bufferevent_getfd(link->io), &octet, 1,
	    MSG_PEEK | MSG_DONTWAIT);

	return len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) &&
	    evbuffer_get_length(bufferevent_get_input(link->io)) == 0;
}

static struct link *
find_idle(struct links *links, size_t number)
{
	struct link *link, *next;

	for (link = links->set.idle; link != NULL; link = next) {
		next = link->next;
		if (link->number != number)
			continue;
		if (is_quiet(link))
			return link;
		link_close(link);
	}
	return NULL;
}

/* Log why a back end cannot be used.  No login is tried for the seconds in
 * "pause", which may be 0. */
static void
log_failure(const struct back_ends *back_ends, size_t number,
    const char *reason, unsigned pause)
{
	struct record record;

	count(COUNT_BACK_END_FAILURES, 1);
	record_begin(&record, LEVEL_WARNING, "back-end");
	record_text_field(&record, "back-end", back_ends->items[number].name);
	record_text_field(&record, "reason", reason);
	if (pause > 0)
		record_number(&record, "pause", pause);
	log_record(&record);
}

static struct back_off *
back_off_of(const struct back_ends *back_ends, size_t number)
{
	return &back_ends->items[number].back_off;
}

static void
put_away(struct links *links, size_t number, bool is_unsafe, const char *reason)
{
	links->states[number].is_unsafe = is_unsafe;
	links->states[number].away_until = now() + LINKS_AWAY_TIME * 1000;
	log_failure(links->back_ends, number, reason, 0);
}

/* The back end has refused the password.  If this refusal begins a pause, log
 * it.  Further refusals of attempts that began before the pause are not
 * logged. */
static void
back_off(const struct link *link, const char *reason)
{
	unsigned pause = back_off_refused(
	    back_off_of(link->back_ends, link->number), now());

	if (pause > 0)
		log_failure(link->back_ends, link->number, reason, pause);
}

/* Give the owner an idle link to the back end with this index.  Returns false
 * if there is no such link. */
static bool
take_idle(struct links *links, size_t number, struct link_owner *owner)
{
	struct link *link = find_idle(links, number);

	if (link == NULL)
		return false;
	link_give(link, owner);
	return true;
}

/* A link could not be opened.  If this machine lacks descriptors or memory,
 * that is no fault of the back end, and other clients may use its idle
 * links. */
static void
note_failure(struct links *links, size_t number, int error)
{
	if (error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM)
		log_failure(links->back_ends, number, strerror(error), 0);
	else
		put_away(links, number, false, "cannot connect");
}

/* Find a link for the owner.  Try the back ends in turn, and begin with the one
 * after the index "number".  Returns the same as links_take. */
static bool
take_after(struct links *links, size_t number, struct link_owner *owner)
{
	size_t count = links->back_ends->count;

	owner->link = NULL;
	while (owner->untried > 0) {
		owner->untried--;
		number = (number + 1) % count;
		links->turn = number;
		if (links->states[number].away_until > now())
			continue;
		if (take_idle(links, number, owner))
			return true;
		if (!back_off_allows(back_off_of(links->back_ends, number),
			now()))
			continue;
		if (link_open(&links->set, links->back_ends, number, owner) !=
		    NULL)
			return false;
		note_failure(links, number, errno);
	}
	return false;
}

bool
links_take(struct links *links, struct link_owner *owner)
{
	owner->untried = links->back_ends->count;
	return take_after(links, links->turn, owner);
}

bool
links_unsafe(const struct links *links)
{
	int64_t present = now();
	size_t i;

	for (i = 0; i < links->back_ends->count; i++)
		if (links->states[i].is_unsafe &&
		    links->states[i].away_until > present)
			return true;
	return false;
}

/* ---- Events that a link reports ---- */

static struct links *
links_of(const struct link *link)
{
	return (struct links *)link->set;
}

/* Returns false if the back ends have been exchanged since the link was
 * opened. */
static bool
is_present(const struct link *link)
{
	return link->back_ends == links_of(link)->back_ends;
}

static void
failed(const struct link *link, struct link_owner *owner, const char *reason)
{
	struct links *links = links_of(link);
	bool is_unsafe = !link->is_late && link->tls != LINK_TLS_NONE &&
	    link->tls != LINK_TLS_ON;
	bool is_taken;

	if (link->is_refused)
		back_off(link, reason);
	else if (is_present(link))
		put_away(links, link->number, is_unsafe, reason);
	if (owner == NULL)
		return;
	/* Try each back end only once for this owner.  Otherwise two back ends
	 * that never reply would be tried in turn for ever: when one is given
	 * up, the other is no longer passed over. */
	is_taken = is_present(link) ? take_after(links, link->number, owner) :
				      links_take(links, owner);
	/* If the owner got an idle link to another back end, it can use the
	 * link at once.  If it got no link, it must learn that. */
	if (is_taken || owner->link == NULL)
		owner->ready(owner);
}

static void
broke(const struct link *link, const char *reason)
{
	log_failure(link->back_ends, link->number, reason, 0);
}

static void
opened(const struct link *link)
{
	struct links *links = links_of(link);
	struct offer *offer;
	unsigned i;

	if (link->back_ends->credentials != NULL)
		back_off_end(back_off_of(link->back_ends, link->number));
	if (!is_present(link))
		return;
	links->states[link->number].away_until = 0;
	offer = &links->states[link->number].offer;
	offer->extensions = 0;
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		if (link_offers(link, (enum mailin_extension)i))
			offer->extensions |= UINT32_C(1) << i;
	for (i = 0; i < SHOWN_LIMITS; i++)
		offer->limits[i] = mailin_client_limit(link->client,
		    shown_limits[i].limit);
	offer->is_known = true;
}

/* Returns true if the back end takes no more transactions on this connection
 * (MAILMAX of RFC 9422). */
static bool
is_spent(const struct link *link)
{
	uint64_t most = mailin_client_limit(link->client,
	    MAILIN_LIMIT_TRANSACTIONS);

	return most != 0 && link->transactions >= most;
}

static bool
may_stay(const struct link *link)
{
	const struct link *other;
	unsigned count = 0;

	for (other = link->set->idle; other != NULL; other = other->next)
		count += other->number == link->number;
	return is_present(link) && count < LINKS_IDLE && !is_spent(link) &&
	    (!link->back_ends->xclient || link_takes_clients(link));
}

unsigned
links_spare_for(unsigned clients, unsigned threads)
{
	unsigned spare = clients / LINKS_CLIENTS / threads;

	return spare < 1 ? 1 : spare > LINKS_SPARE ? LINKS_SPARE : spare;
}

struct links *
links_new(struct event_base *base, struct back_ends *back_ends, unsigned spare)
{
	struct links *links = calloc(1, sizeof *links);

	if (links == NULL)
		return NULL;
	links->set = (struct link_set){ .base = base,
		.spare_most = spare,
		.failed = failed,
		.broke = broke,
		.opened = opened,
		.connected = opening_connected,
		.replied = opening_replied,
		.has_read = opening_read,
		.may_stay = may_stay };
	if (links_exchange(links, back_ends))
		return links;
	free(links);
	return NULL;
}

/* ---- What the back ends offer ---- */

struct offer
links_offer(const struct links *links)
{
	struct offer all = { .extensions = UINT32_MAX,
		.is_lmtp = links->back_ends->lmtp };
	size_t i, n;

	for (i = 0; i < links->back_ends->count; i++) {
		const struct offer *one = &links->states[i].offer;

		if (!one->is_known)
			continue;
		all.is_known = true;
		all.extensions &= one->extensions;
		for (n = 0; n < SHOWN_LIMITS; n++)
			all.limits[n] = limit_smaller(all.limits[n],
			    one->limits[n]);
	}
	return all;
}
