/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_POOL_H
#define MAILIN_SERVER_POOL_H

#include <pthread.h>
#include <stdbool.h>

/* Work that takes long, such as to sync a file or to verify a password.  If the
 * thread that serves a client did this work, all its other clients would
 * wait. */
struct task {
	void (*run)(struct task *task); /* may free the task */
	struct task *next;
};

/* Threads that run tasks in the order in which they come. */
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct task *first, **last;
	bool stopping;
	unsigned threads;
	pthread_t *ids;
};

/* Returns 0 or an errno. */
int pool_start(struct pool *pool, unsigned threads);

/* Run the task in one of the threads. */
void pool_run(struct pool *pool, struct task *task);

/* Run all queued tasks, then end the threads.  Does nothing to a pool that is
 * all zero. */
void pool_stop(struct pool *pool);

#endif
