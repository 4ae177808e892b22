/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <event2/thread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "listener.h"
#include "log.h"
#include "loop.h"
#include "server.h"

/* Threads that hash passwords, which is slow by design. */
#define VERIFIERS 2

/* The first thread does nothing but wait for signals and for the end. */
struct server {
	struct service    *service;
	struct loop       *loops;
	unsigned           opened;   /* of the loops */
	unsigned           started;
	atomic_uint        running;
	struct event_base *control;
	struct event       signals[2];
	struct event       ended;
};

/* A client needs a socket, and a file while its message is long. */
static void
raise_descriptors(const struct options *options)
{
	rlim_t wanted = 64 + 2 * (rlim_t)options->max_connections;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void
stop_loops(struct server *server)
{
	unsigned i;

	for (i = 0; i < server->started; i++)
		loop_stop(&server->loops[i]);
}

static void
on_signal(evutil_socket_t number, short what, void *argument)
{
	(void)number;
	(void)what;
	stop_loops(argument);
}

/* In a loop's thread. */
static void
on_loop_ended(void *argument)
{
	struct server *server = argument;

	if (atomic_fetch_sub(&server->running, 1) == 1)
		event_active(&server->ended, EV_READ, 1);
}

static void
on_ended(evutil_socket_t fd, short what, void *argument)
{
	struct server *server = argument;

	(void)fd;
	(void)what;
	event_base_loopbreak(server->control);
}

static bool
open_control(struct server *server)
{
	static const int numbers[2] = { SIGTERM, SIGINT };
	int i;

	server->control = event_base_new();
	if (server->control == NULL)
		return false;
	event_assign(&server->ended, server->control, -1, 0, on_ended, server);
	for (i = 0; i < 2; i++)
		evsignal_assign(&server->signals[i], server->control,
		    numbers[i], on_signal, server);
	return event_add(&server->signals[0], NULL) == 0 &&
	    event_add(&server->signals[1], NULL) == 0;
}

static bool
open_loops(struct server *server)
{
	const struct options *options = server->service->options;
	size_t i;

	server->loops = calloc(options->threads, sizeof *server->loops);
	if (server->loops == NULL) {
		log_error("no memory");
		return false;
	}
	while (server->opened < options->threads)
		if (!loop_open(&server->loops[server->opened++],
		    server->service)) {
			log_error("cannot start libevent");
			return false;
		}
	for (i = 0; i < options->listen_count; i++)
		if (!listener_open_all(server->loops, server->opened,
		    &options->listen[i]))
			return false;
	return true;
}

/* All signals are the first thread's: the others begin with them blocked. */
static int
start_threads(struct server *server)
{
	struct service *service = server->service;
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pool_start(&service->storing, service->options->workers);
	if (error == 0 && service->passwd != NULL)
		error = pool_start(&service->verifying, VERIFIERS);
	atomic_init(&server->running, server->opened);
	while (error == 0 && server->started < server->opened) {
		error = loop_start(&server->loops[server->started],
		    on_loop_ended, server);
		if (error == 0)
			server->started++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

static void
announce(const struct options *options)
{
	char text[NETADDR_TEXT_SIZE];
	size_t i;

	for (i = 0; i < options->listen_count; i++) {
		netaddr_text(&options->listen[i], text, sizeof text);
		log_line("listening on %s, storing in %s", text,
		    options->maildir);
	}
}

static int
serve(struct server *server)
{
	int error = start_threads(server);

	if (error == 0) {
		announce(server->service->options);
		event_base_dispatch(server->control);
	} else {
		log_error("cannot start threads: %s", strerror(error));
		stop_loops(server);
	}
	while (server->started > 0)
		pthread_join(server->loops[--server->started].thread, NULL);
	pool_stop(&server->service->storing);
	pool_stop(&server->service->verifying);
	return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
close_all(struct server *server)
{
	while (server->opened > 0)
		loop_close(&server->loops[--server->opened]);
	free(server->loops);
	if (server->control == NULL)
		return;
	event_del(&server->signals[0]);
	event_del(&server->signals[1]);
	event_base_free(server->control);
}

int
server_run(struct service *service)
{
	struct server server = { .service = service };
	int status = EXIT_FAILURE;

	raise_descriptors(service->options);
	if (evthread_use_pthreads() != 0 || !open_control(&server))
		log_error("cannot start libevent");
	else if (open_loops(&server))
		status = serve(&server);
	close_all(&server);
	return status;
}
