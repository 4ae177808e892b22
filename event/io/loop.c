/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <unistd.h>

#include "io/loop.h"

static void
end_if_free(struct loop *loop)
{
	if (loop->stopping && loop->holds == 0)
		event_base_loopbreak(loop->base);
}

void
loop_hold(struct loop *loop)
{
	loop->holds++;
}

void
loop_release(struct loop *loop)
{
	loop->holds--;
	end_if_free(loop);
}

/* The caller holds the lock.  However often the loop is woken before it looks,
 * only one octet is in the pipe. */
static void
wake(struct loop *loop)
{
	if (!loop->waking)
		loop->waking = write(loop->pipe[1], "", 1) == 1;
}

void
loop_finish_task(struct loop *loop, struct task *task)
{
	task->next = NULL;
	pthread_mutex_lock(&loop->lock);
	*loop->last_finished = task;
	loop->last_finished = &task->next;
	wake(loop);
	pthread_mutex_unlock(&loop->lock);
}

void
loop_stop(struct loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	loop->stops++;
	wake(loop);
	pthread_mutex_unlock(&loop->lock);
}

static void
finish_tasks(struct loop *loop, struct task *task)
{
	while (task != NULL) {
		struct task *next = task->next;

		task->done(task);
		loop->holds--;
		task = next;
	}
}

static void
on_wake(evutil_socket_t fd, short what, void *argument)
{
	struct loop *loop = argument;
	struct task *finished;
	char octet;
	int stops;

	(void)what;
	pthread_mutex_lock(&loop->lock);
	if (read(fd, &octet, 1) == 1)
		loop->waking = false;
	finished = loop->finished;
	loop->finished = NULL;
	loop->last_finished = &loop->finished;
	stops = loop->stops;
	pthread_mutex_unlock(&loop->lock);
	finish_tasks(loop, finished);
	if (stops > 0 && !loop->stopping) {
		loop->stopping = true;
		loop->stop(loop->user, false);
	}
	if (stops > 1)
		loop->stop(loop->user, true);
	end_if_free(loop);
}

bool
loop_open(struct loop *loop)
{
	if (pipe2(loop->pipe, O_NONBLOCK | O_CLOEXEC) != 0)
		return false;
	loop->last_finished = &loop->finished;
	loop->base = event_base_new();
	if (loop->base != NULL &&
	    event_assign(&loop->wake, loop->base, loop->pipe[0],
		EV_READ | EV_PERSIST, on_wake, loop) == 0 &&
	    event_add(&loop->wake, NULL) == 0) {
		pthread_mutex_init(&loop->lock, NULL);
		return true;
	}
	if (loop->base != NULL)
		event_base_free(loop->base);
	loop->base = NULL;
	close(loop->pipe[0]);
	close(loop->pipe[1]);
	return false;
}

void
loop_close(struct loop *loop)
{
	if (loop->base == NULL)
		return;
	event_del(&loop->wake);
	event_base_free(loop->base);
	close(loop->pipe[0]);
	close(loop->pipe[1]);
	pthread_mutex_destroy(&loop->lock);
}

void
loop_run(struct loop *loop, void (*stop)(void *user, bool at_once), void *user)
{
	loop->stop = stop;
	loop->user = user;
	event_base_dispatch(loop->base);
}
