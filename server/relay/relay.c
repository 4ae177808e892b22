/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <pthread.h>
#include <stdlib.h>

#include <mailin/event.h>

#include "log/log.h"
#include "relay/relay.h"

/* The links of a thread (its connections to back ends). */
struct strand {
	struct strand *next;
	struct links *links;
	unsigned long version; /* the version of its back ends */
};

struct relay {
	struct store store;
	unsigned spare;       /* for links_new */
	pthread_mutex_t lock; /* guards the next two members */
	struct back_ends *back_ends;
	struct strand *strands;
	atomic_ulong version; /* how often the back ends were exchanged */
};

struct store *
relay_new(const struct store_kind *kind, struct back_ends *back_ends)
{
	struct relay *relay = calloc(1, sizeof *relay);

	if (relay == NULL) {
		log_error("no memory");
		return NULL;
	}
	relay->store.kind = kind;
	pthread_mutex_init(&relay->lock, NULL);
	relay->back_ends = back_ends_hold(back_ends);
	return &relay->store;
}

void
relay_set_spare(struct store *store, unsigned spare)
{
	((struct relay *)store)->spare = spare;
}

void
relay_exchange(struct store *store, struct back_ends *back_ends)
{
	struct relay *relay = (struct relay *)store;
	struct back_ends *old;

	pthread_mutex_lock(&relay->lock);
	old = relay->back_ends;
	relay->back_ends = back_ends_hold(back_ends);
	atomic_fetch_add(&relay->version, 1);
	pthread_mutex_unlock(&relay->lock);
	back_ends_drop(old);
}

/* Let the strand use the newest back ends.  The caller has locked relay->lock.
 */
static bool
renew(struct relay *relay, struct strand *strand, struct event_base *base)
{
	bool done = true;

	if (strand->links != NULL)
		done = links_exchange(strand->links, relay->back_ends);
	else
		strand->links = links_new(base, relay->back_ends, relay->spare);
	if (done)
		strand->version = atomic_load(&relay->version);
	return strand->links != NULL;
}

static struct strand *
new_strand(struct relay *relay, struct event_base *base)
{
	struct strand *strand = calloc(1, sizeof *strand);

	if (strand == NULL)
		return NULL;
	if (!renew(relay, strand, base)) {
		free(strand);
		return NULL;
	}
	strand->next = relay->strands;
	relay->strands = strand;
	return strand;
}

struct links *
relay_links(const struct store_client *client)
{
	/* A process has only one store, so a thread has only one strand (the
	 * links of the thread). */
	static _Thread_local struct strand *own;
	struct relay *relay = (struct relay *)client->store;
	struct event_base *base = mailin_server_base(client->session);

	if (own != NULL && own->version == atomic_load(&relay->version))
		return own->links;
	pthread_mutex_lock(&relay->lock);
	if (own == NULL)
		own = new_strand(relay, base);
	else
		(void)renew(relay, own, base);
	pthread_mutex_unlock(&relay->lock);
	return own != NULL ? own->links : NULL;
}

void
relay_hang_up(struct store *store)
{
	struct relay *relay = (struct relay *)store;
	struct strand *strand;

	for (strand = relay->strands; strand != NULL; strand = strand->next) {
		links_free(strand->links);
		strand->links = NULL;
	}
}

void
relay_close(struct store *store)
{
	struct relay *relay = (struct relay *)store;
	struct strand *strand, *next;

	relay_hang_up(store);
	for (strand = relay->strands; strand != NULL; strand = next) {
		next = strand->next;
		free(strand);
	}
	back_ends_drop(relay->back_ends);
	pthread_mutex_destroy(&relay->lock);
	free(relay);
}
