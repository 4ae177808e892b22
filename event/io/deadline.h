/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_DEADLINE_H
#define MAILIN_EVENT_DEADLINE_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdint.h>

/*
 * A deadline.  Each step of a client puts the deadline off, so it is seldom
 * reached.  To set a timer at each step would be expensive.  So the timer is
 * set again only if it would fire too late.  If it fires too early, it is set
 * again at that time.
 */
struct deadline {
	struct event timer;
	int64_t alarm; /* when the timer fires, in milliseconds */
	int64_t due;
	void (*over)(void *user);
	void *user;
};

/* Initialize a deadline, which is not set yet. */
void mailin_deadline_init(struct deadline *deadline, struct event_base *base,
    void (*over)(void *user), void *user);

/* Call over() after this many seconds, unless the deadline is set again before.
 * 0 seconds: no deadline.  If there is no memory for the timer, over() is
 * called in the next turn of the loop: a client without a deadline could stay
 * for ever. */
void mailin_deadline_set(struct deadline *deadline, unsigned seconds);

/* Call before the memory of the deadline is freed. */
void mailin_deadline_end(struct deadline *deadline);

#endif
