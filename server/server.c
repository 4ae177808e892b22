/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "log/log.h"
#include "client/reactor.h"
#include "server.h"

/* Threads that hash passwords; hashing is slow by design. */
#define VERIFIERS 2

/* Each of these signals ends the server gently; a second one ends it at
 * once. */
static const int ending[] = { SIGTERM, SIGINT, SIGHUP };
#define ENDING_COUNT (sizeof ending / sizeof ending[0])

struct server {
	struct service *service;
	/* The first one runs in the main thread: in a process with one thread,
	 * libc and the kernel need no locks. */
	struct reactor *reactors;
	unsigned opened; /* how many of them are open */
	struct event signals[ENDING_COUNT];
};

static void
stop_reactors(struct server *server)
{
	unsigned i;

	for (i = 0; i < server->opened; i++)
		reactor_stop(&server->reactors[i]);
}

static void
on_signal(evutil_socket_t number, short what, void *argument)
{
	(void)number;
	(void)what;
	stop_reactors(argument);
}

/* Handle a signal even if it was ignored when the server was started.  The
 * exception is SIGHUP: nohup(1) ignores it on purpose. */
static bool
watch_signals(struct server *server)
{
	struct sigaction before;
	size_t i;

	for (i = 0; i < ENDING_COUNT; i++) {
		if (ending[i] == SIGHUP &&
		    sigaction(SIGHUP, NULL, &before) == 0 &&
		    before.sa_handler == SIG_IGN)
			continue;
		evsignal_assign(&server->signals[i],
		    server->reactors[0].loop.base, ending[i], on_signal,
		    server);
		if (evsignal_add(&server->signals[i], NULL) != 0)
			return false;
	}
	return true;
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
	while (server->opened < options->threads &&
	    reactor_open(&server->reactors[server->opened], server->service))
		server->opened++;
	if (server->opened < options->threads || !watch_signals(server)) {
		log_error("cannot start libevent");
		return false;
	}
	for (i = 0; i < options->listen_count; i++)
		if (!reactor_listen(server->reactors, server->opened,
			&options->listen[i]))
			return false;
	return true;
}

static int
start_threads(struct server *server)
{
	struct service *service = server->service;
	unsigned i;
	int error = 0;

	if (!service->options->discard)
		error = pool_start(&service->storing,
		    service->options->workers);
	if (error == 0 && service->passwd != NULL)
		error = pool_start(&service->verifying, VERIFIERS);
	for (i = 1; error == 0 && i < server->opened; i++)
		error = reactor_start(&server->reactors[i],
		    &server->reactors[0]);
	return error;
}

static void
announce(const struct options *options)
{
	char text[NETADDR_TEXT_SIZE];
	size_t i;

	for (i = 0; i < options->listen_count; i++) {
		const struct endpoint *endpoint = &options->listen[i];
		const char *tls = endpoint->tls ? " by TLS" : "";

		netaddr_text(&endpoint->address, text, sizeof text);
		if (options->discard)
			log_line("listening on %s%s, discarding all mail", text,
			    tls);
		else
			log_line("listening on %s%s, storing in %s", text, tls,
			    options->maildir);
	}
}

static int
serve(struct server *server)
{
	int error;

	announce(server->service->options);
	if (!log_start())
		return EXIT_FAILURE;
	error = start_threads(server);
	if (error != 0) {
		log_error("cannot start threads: %s", strerror(error));
		stop_reactors(server);
	}
	reactor_run(&server->reactors[0]);
	pool_stop(&server->service->storing);
	pool_stop(&server->service->verifying);
	return error == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
server_run(struct service *service)
{
	struct server server = { .service = service };
	int status = EXIT_FAILURE;

	descriptors_raise(service->options);
	if (open_reactors(&server) && descriptors_share(service))
		status = serve(&server);
	while (server.opened > 0)
		reactor_close(&server.reactors[--server.opened]);
	free(server.reactors);
	return status;
}
