/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LOOP_H
#define MAILIN_EVENT_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>

#include "io/post.h"

/* An event loop.  Only its own thread uses it; other threads use its post. */
struct loop {
	struct event_base *base;
	bool owned; /* the base was made here */
	struct post *post;
	struct event wake;
	unsigned holds; /* calls of mailin_loop_hold, less calls of _release */
	bool stopping;
	void (*stop)(void *user, bool at_once);
	void (*ended)(void *user);
	void *user;
};

/* base is a base to use, or NULL.  Returns false if memory or descriptors are
 * lacking; then nothing is to be closed.  When the loop is to stop, it calls
 * stop: that must end what holds the loop, with at_once without delay.  After
 * that ended is called each time that nothing holds the loop. */
bool mailin_loop_open(struct loop *loop, struct event_base *base,
    void (*stop)(void *user, bool at_once), void (*ended)(void *user),
    void *user);

/* Accept no more letters, and deliver those that have come. */
void mailin_loop_empty(struct loop *loop);

/* Call after mailin_loop_empty. */
void mailin_loop_close(struct loop *loop);

/* May be called in any thread, and in a signal handler.  The first call makes
 * the loop call stop, the second one stop with at_once. */
void mailin_loop_stop(struct loop *loop);

/* The loop does not end while a client or a ticket holds it.  Call both in the
 * loop's thread only. */
void mailin_loop_hold(struct loop *loop);
void mailin_loop_release(struct loop *loop);

#endif
