/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_SERVER_DATA_H
#define MAILIN_EVENT_SERVER_DATA_H

#include "client/listener.h"

/* The members of a server, for server.c and threads.c. */

/* A loop with its clients and its listeners. */
struct reactor {
	struct letter letter; /* its thread has ended; first */
	struct letter leave;  /* its thread is to end */
	bool running;         /* it has a thread of its own */
	struct mailin_server *server;
	pthread_t thread;
	struct loop loop;
	struct hall hall;
	struct event grace; /* fires at the end of the grace period */
};

struct mailin_server {
	struct common common;
	struct mailin_listener *listeners; /* guarded by common.lock */
	/* Held while a socket is opened: of two calls for one address only one
	 * may succeed. */
	pthread_mutex_t listening;
	/* The program runs its event_base itself. */
	bool is_guest;
	bool has_ended;
	atomic_uint stops;  /* calls of mailin_server_stop under way */
	bool begun;         /* the threads were started, or could not be */
	int error;          /* why they could not */
	struct event begin; /* the program has begun to run its event_base */
	struct event end; /* tells a program, whose guest this is, of the end */
	unsigned count;   /* reactors that are open */
	/* The first one runs in the calling thread: in a process with one
	 * thread, libc and the kernel need no locks. */
	struct reactor reactors[];
};

/* ---- threads.c ---- */

/* Start a thread for each loop but the first one, which does not end before the
 * others do.  Returns 0 or an errno. */
int mailin_threads_start(struct mailin_server *server);

/* End the threads that still run, though they may have clients. */
void mailin_threads_end(struct mailin_server *server);

#endif
