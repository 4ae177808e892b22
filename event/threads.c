/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <signal.h>
#include <stddef.h>

#include "server_data.h"

static void *
run_apart(void *argument)
{
	struct reactor *reactor = argument;

	(void)mailin_loop_run(&reactor->loop);
	(void)mailin_post_send(reactor->server->reactors[0].loop.post,
	    &reactor->letter);
	return NULL;
}

/* The thread of a reactor has ended: join it. */
static void
join(struct letter *letter)
{
	struct reactor *reactor = (struct reactor *)letter;

	if (!reactor->running)
		return;
	pthread_join(reactor->thread, NULL);
	reactor->running = false;
	mailin_loop_release(&reactor->server->reactors[0].loop);
}

/* Block all signals in the calling thread while it starts other threads, which
 * inherit this.  So signals go only to threads that the program itself has
 * made.  Signals that a thread causes by its own errors are not blocked. */
static void
block_signals(sigset_t *before)
{
	static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
		SIGPROF };
	sigset_t set;
	size_t i;

	sigfillset(&set);
	for (i = 0; i < sizeof own / sizeof own[0]; i++)
		sigdelset(&set, own[i]);
	pthread_sigmask(SIG_SETMASK, &set, before);
}

int
mailin_threads_start(struct mailin_server *server)
{
	sigset_t before;
	unsigned i;
	int error = 0;

	server->begun = true;
	block_signals(&before);
	for (i = 1; error == 0 && i < server->count; i++) {
		struct reactor *reactor = &server->reactors[i];

		reactor->letter.arrived = join;
		error = pthread_create(&reactor->thread, NULL, run_apart,
		    reactor);
		reactor->running = error == 0;
		if (reactor->running)
			mailin_loop_hold(&server->reactors[0].loop);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

static void
leave(struct letter *letter)
{
	struct reactor *reactor = (struct reactor *)(void *)((char *)letter -
	    offsetof(struct reactor, leave));

	event_base_loopbreak(reactor->loop.base);
}

void
mailin_threads_end(struct mailin_server *server)
{
	unsigned i;

	for (i = 1; i < server->count; i++) {
		struct reactor *reactor = &server->reactors[i];

		if (!reactor->running)
			continue;
		reactor->leave.arrived = leave;
		(void)mailin_post_send(reactor->loop.post, &reactor->leave);
		join(&reactor->letter);
	}
}
