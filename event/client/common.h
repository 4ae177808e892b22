/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_COMMON_H
#define MAILIN_EVENT_COMMON_H

#include <pthread.h>
#include <stdatomic.h>

#include <mailin/event.h>

#include "client/addresses.h"
#include "client/rates.h"

/* All that the loops of a server share. */
struct common {
	void (*event)(const struct mailin_event *event, void *user);
	void *user;
	atomic_uint connections; /* at present */
	atomic_uint max_connections;
	atomic_uint max_of_address; /* of them; UINT_MAX: any number */
	struct addresses addresses;
	struct rates rates;
	atomic_uint grace;       /* seconds */
	atomic_ullong listeners; /* the number of the next one */
	pthread_mutex_t lock;    /* guards the policy of each listener, and: */
	struct mailin_network *exempt; /* clients that are not counted */
	size_t exempt_count;
};

/* Tell the program what happened. */
static inline void
tell(const struct common *common, struct mailin_event event)
{
	event.size = sizeof event;
	if (common->event != NULL)
		common->event(&event, common->user);
}

#endif
