/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"
#include "manager/manager.h"
#include "reload.h"
#include "thread/thread.h"

/* The task of the thread that looks up the back ends.  The thread owns the task
 * until it has written its address to the pipe; then the reader of the pipe
 * owns it. */
struct search {
	struct options *options;
	struct back_ends *back_ends; /* NULL: the back ends cannot be used */
	int pipe;
};

static void
drop(struct search *search)
{
	back_ends_drop(search->back_ends);
	options_drop(search->options);
	free(search);
}

static void *
run(void *argument)
{
	struct search *search = argument;

	search->back_ends = service_look_up(search->options);
	/* The pipe stays open while the process lives, and has room. */
	if (write(search->pipe, &search, sizeof search) != sizeof search)
		drop(search);
	return NULL;
}

/* Returns 0 or an errno. */
static int
start_search(struct search *search)
{
	pthread_t id;
	int error = thread_start(&id, run, search);

	/* Nobody waits for the thread, not even the end of the process. */
	if (error == 0)
		(void)pthread_detach(id);
	return error;
}

/* Start a thread that finds the back ends of these options.  The thread takes
 * ownership of the options.  Returns false if no thread can be started. */
static bool
begin_search(struct reload *reload, struct options *options)
{
	struct search *search = calloc(1, sizeof *search);
	int error = ENOMEM;

	if (search != NULL) {
		search->options = options;
		search->pipe = reload->pipe[1];
		error = start_search(search);
	}
	if (error == 0)
		return true;
	log_error("cannot start a thread: %s", strerror(error));
	free(search);
	return false;
}

/* Returns true if a search has begun. */
static bool
begin(struct reload *reload)
{
	struct options *options = options_again(reload->service->options);

	if (options == NULL)
		return false;
	if (service_can_use(reload->service, options)) {
		if (options->back_ends.count == 0) {
			reload->use(reload->user, options, NULL);
			return false;
		}
		if (begin_search(reload, options))
			return true;
	}
	options_drop(options);
	return false;
}

void
reload_begin(struct reload *reload)
{
	if (reload->is_running) {
		reload->again = true;
		return;
	}
	manager_reloading();
	reload->is_running = begin(reload);
	if (!reload->is_running)
		manager_ready();
}

static void
on_found(evutil_socket_t fd, short what, void *argument)
{
	struct reload *reload = argument;
	struct search *search;

	(void)what;
	if (read(fd, &search, sizeof search) != sizeof search)
		return;
	reload->is_running = false;
	if (reload->again) {
		reload->again = false;
		drop(search);
		reload_begin(reload);
		return;
	}
	if (search->back_ends != NULL) {
		reload->use(reload->user, search->options, search->back_ends);
		search->options = NULL;
		search->back_ends = NULL;
	}
	drop(search);
	manager_ready();
}

bool
reload_open(struct reload *reload, struct event_base *base)
{
	if (pipe2(reload->pipe, O_NONBLOCK | O_CLOEXEC) == 0 &&
	    event_assign(&reload->found, base, reload->pipe[0],
		EV_READ | EV_PERSIST, on_found, reload) == 0 &&
	    event_add(&reload->found, NULL) == 0)
		return true;
	log_error("cannot make a pipe: %s", strerror(errno));
	return false;
}

void
reload_close(struct reload *reload)
{
	struct search *search;

	if (!event_initialized(&reload->found))
		return;
	event_del(&reload->found);
	if (read(reload->pipe[0], &search, sizeof search) == sizeof search)
		drop(search);
}
