/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_REACTOR_H
#define MAILIN_SERVER_REACTOR_H

#include "connection.h"
#include "listener.h"

/* A loop with its clients, and where they come from. */
struct reactor {
	struct loop      loop;
	struct clients   clients;
	struct listener *listeners;
	struct event     grace;     /* while stopping */
	void           (*ended)(void *user);
	void            *user;
};

/* False: no memory or no descriptors. */
bool reactor_open(struct reactor *reactor, struct service *service);
void reactor_close(struct reactor *reactor);

/* Listen at address in each of them, which thereby share the clients.  False,
 * with the reason on stderr, if that is impossible. */
bool reactor_listen(struct reactor *reactors, unsigned count,
    struct netaddr *address);

/* Run it in a thread of its own, which calls ended when it ends.  Answers 0 or
 * an errno. */
int reactor_start(struct reactor *reactor, void (*ended)(void *user),
    void *user);

/* Take no more clients, end the sessions within the grace period, and then the
 * thread.  Called again: end them at once. */
void reactor_stop(struct reactor *reactor);

/* Wait for the end of the thread. */
void reactor_join(struct reactor *reactor);

#endif
