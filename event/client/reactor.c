/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "log/log.h"
#include "client/reactor.h"

/* How long a client may take to read the 421 at the end of the grace period, in
 * seconds. */
#define LAST_WORDS 2

static void
on_end(evutil_socket_t fd, short what, void *argument)
{
	struct reactor *reactor = argument;

	(void)fd;
	(void)what;
	clients_drop(&reactor->clients);
}

static void
on_grace_over(evutil_socket_t fd, short what, void *argument)
{
	static const struct timeval rest = { .tv_sec = LAST_WORDS };
	struct reactor *reactor = argument;

	(void)fd;
	(void)what;
	clients_time_out(&reactor->clients);
	evtimer_assign(&reactor->grace, reactor->loop.base, on_end, reactor);
	evtimer_add(&reactor->grace, &rest);
}

static void
stop(void *user, bool at_once)
{
	struct reactor *reactor = user;
	struct timeval grace = {
		.tv_sec = reactor->clients.service->options->grace
	};

	if (at_once) {
		clients_drop(&reactor->clients);
		return;
	}
	listener_close_all(&reactor->listeners);
	clients_shut_down(&reactor->clients);
	evtimer_add(&reactor->grace, &grace);
}

bool
reactor_open(struct reactor *reactor, struct service *service)
{
	if (!loop_open(&reactor->loop))
		return false;
	reactor->clients.loop = &reactor->loop;
	reactor->clients.service = service;
	evtimer_assign(&reactor->grace, reactor->loop.base, on_grace_over,
	    reactor);
	return true;
}

void
reactor_close(struct reactor *reactor)
{
	listener_close_all(&reactor->listeners);
	if (reactor->clients.loop != NULL)
		event_del(&reactor->grace);
	loop_close(&reactor->loop);
}

bool
reactor_listen(struct reactor *reactors, unsigned count,
    struct endpoint *endpoint)
{
	char text[NETADDR_TEXT_SIZE];
	bool good = listener_is_free(&endpoint->address);
	unsigned i;

	for (i = 0; good && i < count; i++)
		good = listener_open(&reactors[i].listeners,
		    &reactors[i].clients, endpoint);
	if (good)
		return true;
	netaddr_text(&endpoint->address, text, sizeof text);
	log_error("cannot listen on %s: %s", text, strerror(errno));
	return false;
}

void
reactor_run(struct reactor *reactor)
{
	loop_run(&reactor->loop, stop, reactor);
}

static void *
run_apart(void *argument)
{
	struct reactor *reactor = argument;

	reactor_run(reactor);
	loop_finish_task(reactor->task.loop, &reactor->task);
	return NULL;
}

static void
join(struct task *task)
{
	struct reactor *reactor = (struct reactor *)task;

	pthread_join(reactor->thread, NULL);
}

int
reactor_start(struct reactor *reactor, struct reactor *first)
{
	int error;

	reactor->task.done = join;
	reactor->task.loop = &first->loop;
	error = pthread_create(&reactor->thread, NULL, run_apart, reactor);
	if (error == 0)
		loop_hold(&first->loop);
	return error;
}

void
reactor_stop(struct reactor *reactor)
{
	loop_stop(&reactor->loop);
}
