/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "connection.h"
#include "listener.h"
#include "loop.h"

void
loop_check(struct loop *loop)
{
	if (loop->stopping && loop->connections == NULL && loop->tasks == 0)
		event_base_loopbreak(loop->base);
}

void
loop_expect_task(struct loop *loop)
{
	loop->tasks++;
}

/* Many activations before the loop comes round are one call of on_wake. */
static void
wake(struct loop *loop)
{
	event_active(&loop->wake, EV_READ, 1);
}

void
loop_finish_task(struct loop *loop, struct task *task)
{
	task->next = NULL;
	pthread_mutex_lock(&loop->lock);
	*loop->last_finished = task;
	loop->last_finished = &task->next;
	pthread_mutex_unlock(&loop->lock);
	wake(loop);
}

void
loop_stop(struct loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	loop->stops++;
	pthread_mutex_unlock(&loop->lock);
	wake(loop);
}

static void
finish_tasks(struct loop *loop, struct task *task)
{
	while (task != NULL) {
		struct task *next = task->next;

		task->done(task);
		loop->tasks--;
		task = next;
	}
}

static void
on_grace_over(evutil_socket_t fd, short what, void *argument)
{
	struct loop *loop = argument;

	(void)fd;
	(void)what;
	connection_drop_all(loop);
}

static void
stop(struct loop *loop)
{
	struct timeval grace = {
		.tv_sec = loop->service->options->grace
	};

	loop->stopping = true;
	listener_close_all(loop);
	connection_shutdown_all(loop);
	evtimer_add(&loop->grace, &grace);
}

static void
on_wake(evutil_socket_t fd, short what, void *argument)
{
	struct loop *loop = argument;
	struct task *finished;
	int stops;

	(void)fd;
	(void)what;
	pthread_mutex_lock(&loop->lock);
	finished = loop->finished;
	loop->finished = NULL;
	loop->last_finished = &loop->finished;
	stops = loop->stops;
	pthread_mutex_unlock(&loop->lock);
	finish_tasks(loop, finished);
	if (stops > 0 && !loop->stopping)
		stop(loop);
	if (stops > 1)
		connection_drop_all(loop);
	loop_check(loop);
}

bool
loop_open(struct loop *loop, struct service *service)
{
	loop->service = service;
	loop->last_finished = &loop->finished;
	loop->base = event_base_new();
	if (loop->base == NULL)
		return false;
	pthread_mutex_init(&loop->lock, NULL);
	event_assign(&loop->wake, loop->base, -1, 0, on_wake, loop);
	evtimer_assign(&loop->grace, loop->base, on_grace_over, loop);
	return true;
}

void
loop_close(struct loop *loop)
{
	if (loop->base == NULL)
		return;
	listener_close_all(loop);
	event_del(&loop->grace);
	event_base_free(loop->base);
	pthread_mutex_destroy(&loop->lock);
}

static void *
run(void *argument)
{
	struct loop *loop = argument;

	event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
	loop->ended(loop->user);
	return NULL;
}

int
loop_start(struct loop *loop, void (*ended)(void *user), void *user)
{
	loop->ended = ended;
	loop->user = user;
	return pthread_create(&loop->thread, NULL, run, loop);
}
