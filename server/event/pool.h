/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_POOL_H
#define MAILIN_SERVER_POOL_H

#include <pthread.h>
#include <stdbool.h>

#include "event/loop.h"

/* Threads that run tasks, first come first served. */
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct task *first, **last;
	bool stopping;
	unsigned threads;
	pthread_t *ids;
};

/* Answers 0 or an errno. */
int pool_start(struct pool *pool, unsigned threads);

/* Have the task run; called in the thread of its loop. */
void pool_run(struct pool *pool, struct task *task);

/* Run what is queued, and end.  Nothing happens to a pool of zeros. */
void pool_stop(struct pool *pool);

#endif
