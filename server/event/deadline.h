/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DEADLINE_H
#define MAILIN_SERVER_DEADLINE_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdint.h>

/*
 * A time that is put off at each step of a client, and seldom comes.  So the
 * timer is moved only if it would be late: to let it fire in vain now and then
 * is far cheaper.
 */
struct deadline {
	struct event timer;
	int64_t alarm; /* when it fires, in milliseconds */
	int64_t due;
	void (*over)(void *user);
	void *user;
};

/* There is none at first. */
void deadline_init(struct deadline *deadline, struct event_base *base,
    void (*over)(void *user), void *user);

/* Have over called in so many seconds, unless this is called again; 0: there
 * is none. */
void deadline_set(struct deadline *deadline, unsigned seconds);

/* To be called before its memory is freed. */
void deadline_end(struct deadline *deadline);

#endif
