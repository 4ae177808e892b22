/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELOAD_H
#define MAILIN_SERVER_RELOAD_H

#include <event2/event_struct.h>

#include "receive/service.h"

/*
 * Reads the settings again, after SIGHUP.  A separate thread looks up the names
 * of back ends, because a resolver may need a long time, and clients must not
 * wait for it.  All functions are called in the thread of the event_base.
 */
struct reload {
	struct service *service;
	/* Called to apply the settings that were read.  The function takes
	 * ownership of the options, and of the back ends, which are NULL if the
	 * options name none. */
	void (*use)(void *user, struct options *options,
	    struct back_ends *back_ends);
	void *user;
	struct event found; /* the thread writes to the pipe when it is done */
	int pipe[2];
	bool is_running;
	bool again; /* SIGHUP came while the thread was running */
};

/* Call before the sandbox is entered.  The caller must have set "service",
 * "use" and "user".  Returns false, with the reason on stderr, if that
 * fails. */
bool reload_open(struct reload *reload, struct event_base *base);

/* Begin to read the settings again.  If they are being read at the moment, they
 * are read once more afterwards. */
void reload_begin(struct reload *reload);

/* Stop reading the settings, without waiting: the thread may outlive this
 * call. */
void reload_close(struct reload *reload);

#endif
