/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOOP_H
#define MAILIN_SERVER_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdbool.h>

/* Work that takes too long for the thread of a loop, since all its clients
 * would wait: to sync a file, to verify a password. */
struct task {
	void (*run)(struct task *task);  /* in another thread */
	void (*done)(struct task *task); /* then, in the loop's thread;
	                                            may free the task */
	struct loop *loop; /* NULL: nobody else waits, run at once */
	struct task *next;
};

/*
 * An event loop, which is a thread's.  All in it belongs to that thread but
 * what lock guards: so libevent needs no locks, each of which would be taken
 * several times an event.
 */
struct loop {
	struct event_base *base;
	void (*stop)(void *user, bool at_once);
	void *user;
	unsigned holds; /* loop_hold less loop_release */
	bool stopping;

	pthread_mutex_t lock;
	int pipe[2]; /* an octet in it wakes the loop */
	struct event wake;
	bool waking; /* it is there */
	struct task *finished, **last_finished;
	int stops; /* how often loop_stop was called */
};

/* False: no memory or no descriptors. */
bool loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* Run it in this thread until it was stopped and nothing holds it any more.
 * stop is to end what holds the loop, or, when called again, to cut it off. */
void loop_run(struct loop *loop, void (*stop)(void *user, bool at_once),
    void *user);

/* From any thread: have stop called, once or at most twice. */
void loop_stop(struct loop *loop);

/* In the loop's thread: a client, or a task of one, holds the loop. */
void loop_hold(struct loop *loop);
void loop_release(struct loop *loop);

/* From any thread: the task, which held it, has been run; have done called. */
void loop_finish_task(struct loop *loop, struct task *task);

#endif
