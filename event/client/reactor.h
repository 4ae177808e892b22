/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_REACTOR_H
#define MAILIN_SERVER_REACTOR_H

#include "client/clients.h"
#include "client/listener.h"

/* A loop with its clients and its listeners. */
struct reactor {
	struct task task; /* first, so that it has the reactor's address */
	pthread_t thread;
	struct loop loop;
	struct clients clients;
	struct listener *listeners;
	struct event grace; /* fires at the end of the grace period */
};

/* Returns false if memory or descriptors are lacking. */
bool reactor_open(struct reactor *reactor, struct service *service);
void reactor_close(struct reactor *reactor);

/* Listen at the endpoint in each reactor; the reactors share its clients.
 * Returns false, with the reason on stderr, if listening is impossible. */
bool reactor_listen(struct reactor *reactors, unsigned count,
    struct endpoint *endpoint);

/* Serve in the calling thread until the reactor is stopped. */
void reactor_run(struct reactor *reactor);

/* Serve in a new thread.  The reactor of the calling thread is first; its loop
 * does not end before that thread does.  Returns 0 or an errno. */
int reactor_start(struct reactor *reactor, struct reactor *first);

/* May be called in any thread.  The first call closes the listeners and lets
 * sessions end within the grace period; a second call closes all connections at
 * once. */
void reactor_stop(struct reactor *reactor);

#endif
