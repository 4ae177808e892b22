/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOOP_H
#define MAILIN_SERVER_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdbool.h>

/* Work that takes long: to sync a file, to verify a password.  If the thread of
 * a loop did it, all clients of the loop would wait. */
struct task {
	/* Does the work, in another thread. */
	void (*run)(struct task *task);
	/* Called afterwards in the loop's thread; may free the task. */
	void (*done)(struct task *task);
	/* NULL: no other client waits, so do the work at once. */
	struct loop *loop;
	struct task *next;
};

/*
 * An event loop and the thread that runs it.  Other threads use only the
 * members that lock guards.  So libevent needs no locks of its own, which would
 * be taken several times for each event.
 */
struct loop {
	struct event_base *base;
	void (*stop)(void *user, bool at_once);
	void *user;
	unsigned holds; /* calls of loop_hold, less calls of loop_release */
	bool stopping;

	pthread_mutex_t lock;
	int pipe[2]; /* an octet in the pipe wakes the loop */
	struct event wake;
	bool waking; /* the octet is in the pipe */
	struct task *finished, **last_finished;
	int stops; /* calls of loop_stop */
};

/* Returns false if memory or descriptors are lacking. */
bool loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* Run the loop in the calling thread until it was stopped and nothing holds it.
 * stop must end what holds the loop; with at_once it must end that without
 * delay. */
void loop_run(struct loop *loop, void (*stop)(void *user, bool at_once),
    void *user);

/* May be called in any thread.  The first call makes the loop call stop, the
 * second one stop with at_once. */
void loop_stop(struct loop *loop);

/* Call in the loop's thread: the loop runs on while something holds it, a
 * client or a task of a client. */
void loop_hold(struct loop *loop);
void loop_release(struct loop *loop);

/* May be called in any thread, after a task was run that holds the loop: the
 * loop calls done and releases the hold. */
void loop_finish_task(struct loop *loop, struct task *task);

#endif
