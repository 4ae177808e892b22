/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_SERVER_DATA_H
#define MAILIN_EVENT_SERVER_DATA_H

#include "client/listener.h"

/* The members of a server.  Only server.c and threads.c use them. */

/* A reactor is an event loop with its clients and its listening sockets. */
struct reactor {
	struct letter letter; /* must be first; reports that the thread has
				 ended */
	struct letter leave;  /* tells the thread to end */
	bool running;         /* the reactor has a thread of its own */
	struct mailin_server *server;
	pthread_t thread;
	struct loop loop;
	struct hall hall;
	struct event grace; /* fires at the end of the grace period */
};

struct mailin_server {
	struct common common;
	struct mailin_listener *listeners; /* guarded by common.lock */
	/* Locked while a socket is opened: if two calls want the same address,
	 * only one may succeed. */
	pthread_mutex_t listening;
	/* True if the program runs its event_base itself. */
	bool is_guest;
	bool has_ended;
	atomic_uint stops;  /* threads inside mailin_server_stop */
	bool begun;         /* the server has tried to start the threads */
	int error;          /* why the threads could not be started, or 0 */
	struct event begin; /* the program has begun to run its event_base */
	struct event end;   /* tells the program that the server has ended */
	unsigned count;     /* how many reactors are open */
	/* The first reactor runs in the thread of the program that runs the
	 * server.  With one reactor, the process needs no second thread; libc
	 * and the kernel then need no locks. */
	struct reactor reactors[];
};

/* ---- threads.c ---- */

/* Start a thread for each loop but the first.  The first loop ends last.
 * Returns 0 or an errno. */
int mailin_threads_start(struct mailin_server *server);

/* End the threads that still run, even if they have clients. */
void mailin_threads_end(struct mailin_server *server);

#endif
