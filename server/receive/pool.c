/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "receive/pool.h"
#include "thread/thread.h"

static struct task *
next_task(struct pool *pool)
{
	struct task *task;

	pthread_mutex_lock(&pool->lock);
	while (pool->first == NULL && !pool->stopping)
		pthread_cond_wait(&pool->work, &pool->lock);
	task = pool->first;
	if (task != NULL) {
		pool->first = task->next;
		if (pool->first == NULL)
			pool->last = &pool->first;
	}
	pthread_mutex_unlock(&pool->lock);
	return task;
}

static void *
work(void *argument)
{
	struct pool *pool = argument;
	struct task *task;

	while ((task = next_task(pool)) != NULL)
		task->run(task);
	return NULL;
}

int
pool_start(struct pool *pool, unsigned threads)
{
	int error = 0;

	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pool->first = NULL;
	pool->last = &pool->first;
	pool->stopping = false;
	pool->threads = 0;
	pool->ids = calloc(threads, sizeof *pool->ids);
	while (pool->ids != NULL && error == 0 && pool->threads < threads) {
		error = thread_start(&pool->ids[pool->threads], work, pool);
		if (error == 0)
			pool->threads++;
	}
	return pool->ids == NULL ? ENOMEM : error;
}

void
pool_run(struct pool *pool, struct task *task)
{
	task->next = NULL;
	pthread_mutex_lock(&pool->lock);
	*pool->last = task;
	pool->last = &task->next;
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void
pool_stop(struct pool *pool)
{
	if (pool->ids == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	while (pool->threads > 0)
		pthread_join(pool->ids[--pool->threads], NULL);
	free(pool->ids);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
}
