/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LOOP_H
#define MAILIN_EVENT_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>

#include "io/post.h"

/* An event loop.  Only its own thread uses this struct.  Other threads send
 * messages (letters) to the loop through the queue in the member "post". */
struct loop {
	struct event_base *base;
	bool owned; /* the library has made the base */
	struct post *post;
	struct event wake;
	unsigned holds; /* clients and tickets that keep the loop running */
	bool stopping;
	bool delivering;
	void (*stop)(void *user, bool at_once);
	void (*ended)(void *user);
	void *user;
};

/* Open a loop on the base, or on a new one if base is NULL.  Returns false if
 * memory or descriptors are lacking; then there is nothing to close.
 *
 * When the loop must stop, it calls stop(), which has to end all clients that
 * hold the loop (mailin_loop_hold), at once if at_once is true.  From then on
 * the loop calls ended() whenever nothing holds it. */
bool mailin_loop_open(struct loop *loop, struct event_base *base,
    void (*stop)(void *user, bool at_once), void (*ended)(void *user),
    void *user);

/* Run the loop in this thread, as event_base_dispatch does. */
int mailin_loop_run(struct loop *loop);

/* Deliver the letters (messages) that have arrived, and accept no more. */
void mailin_loop_empty(struct loop *loop);

/* Call after mailin_loop_empty. */
void mailin_loop_close(struct loop *loop);

/* Tell the loop to stop: after the first call of this function the loop calls
 * the callback stop() with at_once false, after a second call with at_once
 * true.  May be called in any thread, and in a signal handler. */
void mailin_loop_stop(struct loop *loop);

/* A client or a ticket holds the loop while it needs the loop.  The loop does
 * not end before all of them have released it.  Call the two functions only in
 * the loop's thread. */
void mailin_loop_hold(struct loop *loop);
void mailin_loop_release(struct loop *loop);

#endif
