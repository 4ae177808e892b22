/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_REACTOR_H
#define MAILIN_SERVER_REACTOR_H

#include "client/clients.h"
#include "client/listener.h"

/* A loop with its clients, and where they come from. */
struct reactor {
	struct task task; /* first: its address is ours */
	pthread_t thread;
	struct loop loop;
	struct clients clients;
	struct listener *listeners;
	struct event grace; /* while stopping */
};

/* False: no memory or no descriptors. */
bool reactor_open(struct reactor *reactor, struct service *service);
void reactor_close(struct reactor *reactor);

/* Listen there in each of them, which thereby share the clients.  False,
 * with the reason on stderr, if that is impossible. */
bool reactor_listen(struct reactor *reactors, unsigned count,
    struct endpoint *endpoint);

/* Serve in this thread until it is stopped. */
void reactor_run(struct reactor *reactor);

/* Serve in a thread of its own, which holds first, the reactor of this one,
 * until it ends.  Answers 0 or an errno. */
int reactor_start(struct reactor *reactor, struct reactor *first);

/* From any thread: take no more clients, and end the sessions within the grace
 * period.  Called again: end them at once. */
void reactor_stop(struct reactor *reactor);

#endif
