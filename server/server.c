/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "log.h"
#include "reactor.h"
#include "server.h"

/* Threads that hash passwords, which is slow by design. */
#define VERIFIERS 2

/* The first thread does nothing but wait for signals and for the end. */
struct server {
	struct service *service;
	struct reactor *reactors;
	unsigned        opened;   /* of them */
	unsigned        started;
	atomic_uint     running;
	pthread_t       first;
	sigset_t        signals;  /* SIGTERM, SIGINT, SIGHUP */
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

/* In a reactor's thread: the last one ends the first thread's wait. */
static void
on_reactor_ended(void *argument)
{
	struct server *server = argument;

	if (atomic_fetch_sub(&server->running, 1) == 1)
		pthread_kill(server->first, SIGTERM);
}

static bool
open_reactors(struct server *server)
{
	const struct options *options = server->service->options;
	size_t i;

	server->reactors = calloc(options->threads, sizeof *server->reactors);
	if (server->reactors == NULL) {
		log_error("no memory");
		return false;
	}
	while (server->opened < options->threads)
		if (!reactor_open(&server->reactors[server->opened++],
		    server->service)) {
			log_error("cannot start libevent");
			return false;
		}
	for (i = 0; i < options->listen_count; i++)
		if (!reactor_listen(server->reactors, server->opened,
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
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (!service->options->discard)
		error = pool_start(&service->storing,
		    service->options->workers);
	if (error == 0 && service->passwd != NULL)
		error = pool_start(&service->verifying, VERIFIERS);
	while (error == 0 && server->started < server->opened) {
		atomic_fetch_add(&server->running, 1);
		error = reactor_start(&server->reactors[server->started],
		    on_reactor_ended, server);
		if (error == 0)
			server->started++;
		else
			atomic_fetch_sub(&server->running, 1);
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
		if (options->discard)
			log_line("listening on %s, discarding all mail", text);
		else
			log_line("listening on %s, storing in %s", text,
			    options->maildir);
	}
}

static void
stop_reactors(struct server *server)
{
	unsigned i;

	for (i = 0; i < server->started; i++)
		reactor_stop(&server->reactors[i]);
}

static int
serve(struct server *server)
{
	int error = start_threads(server), number;

	if (error == 0) {
		announce(server->service->options);
	} else {
		log_error("cannot start threads: %s", strerror(error));
		stop_reactors(server);
	}
	while (atomic_load(&server->running) > 0 &&
	    sigwait(&server->signals, &number) == 0)
		stop_reactors(server);
	while (server->started > 0)
		reactor_join(&server->reactors[--server->started]);
	pool_stop(&server->service->storing);
	pool_stop(&server->service->verifying);
	return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* They are waited for, also where the shell that started us ignores one; but
 * what nohup(1) ignores is to be ignored. */
static void
hold_signals(struct server *server)
{
	struct sigaction hangup;

	server->first = pthread_self();
	sigemptyset(&server->signals);
	sigaddset(&server->signals, SIGTERM);
	sigaddset(&server->signals, SIGINT);
	if (sigaction(SIGHUP, NULL, &hangup) == 0 &&
	    hangup.sa_handler != SIG_IGN)
		sigaddset(&server->signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &server->signals, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
}

int
server_run(struct service *service)
{
	struct server server = { .service = service };
	int status = EXIT_FAILURE;

	raise_descriptors(service->options);
	hold_signals(&server);
	if (open_reactors(&server))
		status = serve(&server);
	while (server.opened > 0)
		reactor_close(&server.reactors[--server.opened]);
	free(server.reactors);
	return status;
}
