/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "client/limits.h"
#include "io/fault.h"
#include "server_data.h"

/* The seconds that clients have to read the 421 at the end of the grace
 * period. */
#define LAST_WORDS 2

/* ---- The end of a server ---- */

static void
on_last_words(evutil_socket_t fd, short what, void *argument)
{
	struct reactor *reactor = argument;

	(void)fd;
	(void)what;
	mailin_clients_drop(&reactor->hall.clients);
}

/* Start the timer of the end.  If there is no memory for it, the time is over
 * at once: a server that was told to end must end. */
static void
start_grace(struct reactor *reactor, const struct timeval *time)
{
	if (evtimer_add(&reactor->grace, time) != 0)
		event_active(&reactor->grace, EV_TIMEOUT, 1);
}

static void
on_grace_over(evutil_socket_t fd, short what, void *argument)
{
	static const struct timeval rest = { .tv_sec = LAST_WORDS };
	struct reactor *reactor = argument;

	(void)fd;
	(void)what;
	mailin_clients_time_out(&reactor->hall.clients);
	evtimer_assign(&reactor->grace, reactor->loop.base, on_last_words,
	    reactor);
	start_grace(reactor, &rest);
}

static void
stop(void *user, bool at_once)
{
	struct reactor *reactor = user;
	struct clients *clients = &reactor->hall.clients;
	struct timeval grace = { .tv_sec = (time_t)atomic_load(
				     &clients->common->grace) };

	if (at_once) {
		mailin_clients_drop(clients);
		return;
	}
	mailin_hall_close(&reactor->hall);
	start_grace(reactor, &grace);
	mailin_clients_shut_down(clients);
}

/* Tell the program that the server has stopped.  The program may free the
 * server in this call, so do not use the server afterwards. */
static void
on_end(evutil_socket_t fd, short what, void *argument)
{
	struct mailin_server *server = argument;

	(void)fd;
	(void)what;
	tell(&server->common,
	    (struct mailin_event){ .kind = MAILIN_EVENT_STOPPED,
		.error = server->error });
}

/* Nothing holds the loop any longer, so it ends.  If the program runs the loop
 * itself, tell the program later, since this may be called inside a callback of
 * a client. */
static void
ended(void *user)
{
	struct reactor *reactor = user;
	struct mailin_server *server = reactor->server;

	if (reactor != server->reactors || !server->is_guest) {
		if (reactor == server->reactors)
			server->has_ended = true;
		event_base_loopbreak(reactor->loop.base);
	} else if (!server->has_ended) {
		server->has_ended = true;
		event_del(&reactor->grace);
		event_active(&server->end, EV_TIMEOUT, 1);
	}
}

void
mailin_server_stop(struct mailin_server *server)
{
	unsigned i;

	atomic_fetch_add(&server->stops, 1);
	for (i = 0; i < server->count; i++)
		mailin_loop_stop(&server->reactors[i].loop);
	atomic_fetch_sub(&server->stops, 1);
}

/* The program has begun to run its event_base itself, so start the threads.
 * Until now that was too early: the program could still have called fork, or
 * mailin_server_run. */
static void
on_begin(evutil_socket_t fd, short what, void *argument)
{
	struct mailin_server *server = argument;

	(void)fd;
	(void)what;
	if (server->begun || server->has_ended)
		return;
	server->error = mailin_threads_start(server);
	if (server->error == 0)
		return;
	mailin_server_stop(server);
	mailin_server_stop(server);
}

/* ---- Making and freeing a server ---- */

static bool
reactor_open(struct reactor *reactor, struct mailin_server *server,
    struct event_base *base)
{
	if (!mailin_loop_open(&reactor->loop, base, stop, ended, reactor))
		return false;
	reactor->server = server;
	reactor->hall.clients.loop = &reactor->loop;
	reactor->hall.clients.common = &server->common;
	evtimer_assign(&reactor->grace, reactor->loop.base, on_grace_over,
	    reactor);
	return true;
}

static void
reactor_close(struct reactor *reactor)
{
	reactor->loop.stopping = false; /* so that ended() is not called */
	mailin_hall_close(&reactor->hall);
	mailin_clients_drop(&reactor->hall.clients);
	mailin_loop_empty(&reactor->loop);
	mailin_clients_forget(&reactor->hall.clients);
	event_del(&reactor->grace);
	mailin_loop_close(&reactor->loop);
}

static struct mailin_server *
make(const struct mailin_server_options *options, unsigned threads)
{
	struct mailin_server *server = calloc(1,
	    sizeof *server + threads * sizeof server->reactors[0]);

	if (server == NULL)
		return NULL;
	server->common.event = options->event;
	server->common.user = options->user;
	/* Listeners need numbers that are unique even among servers, which may
	 * share a TLS context. */
	atomic_init(&server->common.listeners, (uintptr_t)server);
	mailin_limits_init(&server->common);
	pthread_mutex_init(&server->listening, NULL);
	server->is_guest = options->base != NULL;
	return server;
}

/* Learn when the program begins to run its event_base itself. */
static void
watch_base(struct mailin_server *server)
{
	struct event_base *base = server->reactors[0].loop.base;

	evtimer_assign(&server->end, base, on_end, server);
	evtimer_assign(&server->begin, base, on_begin, server);
	if (server->is_guest && server->count > 1)
		event_active(&server->begin, EV_TIMEOUT, 1);
}

struct mailin_server *
mailin_server_new(const struct mailin_server_options *given,
    struct mailin_fault *fault)
{
	struct mailin_server_options options = { .size = 0 };
	struct mailin_server *server;
	unsigned threads;

	memcpy(&options, given,
	    given->size < sizeof options ? given->size : sizeof options);
	threads = options.threads > 0 ? options.threads : 1;
	server = make(&options, threads);
	errno = ENOMEM; /* libevent does not set errno */
	while (server != NULL && server->count < threads &&
	    reactor_open(&server->reactors[server->count], server,
		server->count == 0 ? options.base : NULL))
		server->count++;
	if (server != NULL && server->count == threads) {
		watch_base(server);
		return server;
	}
	mailin_fault_set(fault, errno, "cannot start libevent");
	mailin_server_free(server);
	return NULL;
}

void
mailin_server_free(struct mailin_server *server)
{
	if (server == NULL)
		return;
	/* Another thread may still be in mailin_server_stop. */
	while (atomic_load(&server->stops) > 0)
		sched_yield();
	if (event_initialized(&server->end)) {
		event_del(&server->end);
		event_del(&server->begin);
	}
	mailin_threads_end(server);
	while (server->count > 0)
		reactor_close(&server->reactors[--server->count]);
	/* The gates (listening sockets) of these listeners are all closed. */
	while (server->listeners != NULL) {
		struct mailin_listener *listener = server->listeners;

		server->listeners = listener->next;
		free(listener);
	}
	mailin_limits_end(&server->common);
	pthread_mutex_destroy(&server->listening);
	free(server);
}

/* ---- Listening ---- */

bool
mailin_server_set_limits(struct mailin_server *server,
    const struct mailin_server_limits *limits)
{
	return mailin_limits_set(&server->common, limits);
}

static struct hall *
hall_at(void *user, unsigned loop)
{
	struct mailin_server *server = user;

	return &server->reactors[loop].hall;
}

struct mailin_listener *
mailin_server_listen(struct mailin_server *server, const char *address,
    const struct mailin_service *service, struct mailin_fault *fault)
{
	struct policy *policy = mailin_policy_new(service, fault);
	struct mailin_listener *listener;

	if (policy == NULL)
		return NULL;
	pthread_mutex_lock(&server->listening);
	listener = mailin_listener_new(&server->common, address, policy,
	    server->count, fault);
	pthread_mutex_unlock(&server->listening);
	if (listener == NULL) {
		mailin_policy_discard(policy);
		return NULL;
	}
	mailin_listener_enlist(listener, &server->listeners);
	mailin_listener_open(listener, hall_at, server, server->count);
	return listener;
}

/* ---- Serving ---- */

bool
mailin_server_run(struct mailin_server *server, struct mailin_fault *fault)
{
	int error = 0;

	server->is_guest = false;
	event_del(&server->begin);
	if (!server->begun)
		error = mailin_threads_start(server);
	if (error != 0) {
		mailin_fault_set(fault, error, "cannot start threads: %s",
		    strerror(error));
		mailin_server_stop(server);
	}
	/* If the program leaves its event_base early (event_base_loopexit), the
	 * other threads are still at work.  End them, so that the server may be
	 * freed. */
	while (mailin_loop_run(&server->reactors[0].loop) >= 0 &&
	    !server->has_ended) {
		mailin_server_stop(server);
		mailin_server_stop(server);
	}
	return error == 0;
}
