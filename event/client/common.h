/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_COMMON_H
#define MAILIN_EVENT_COMMON_H

#include <pthread.h>
#include <stdatomic.h>

#include <mailin/event.h>

#include "client/addresses.h"
#include "client/rates.h"

/* The data that all loops of a server share. */
struct common {
	void (*event)(const struct mailin_event *event, void *user);
	void *user;
	atomic_uint connections; /* the current number of clients */
	atomic_uint max_connections;
	atomic_uint farewells;      /* refused clients that are still open */
	atomic_uint max_of_address; /* UINT_MAX: any number */
	struct addresses addresses;
	struct rates rates;
	atomic_uint grace;       /* the time for the last sessions, in
				    seconds */
	atomic_ullong listeners; /* identifies the next listener */
	/* Guards the policy of each listener, and the members below. */
	pthread_mutex_t lock;
	struct mailin_network *exempt; /* clients in these networks are not
					  counted */
	size_t exempt_count;
};

/* Report an event to the program that uses the library. */
static inline void
tell(const struct common *common, struct mailin_event event)
{
	event.size = sizeof event;
	if (common->event != NULL)
		common->event(&event, common->user);
}

#endif
