/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELOAD_H
#define MAILIN_SERVER_RELOAD_H

#include <event2/event_struct.h>

#include "receive/service.h"

/*
 * The settings are read again, on SIGHUP.  The names of back ends are looked up
 * in a thread of its own: a resolver may need a long time, and clients must not
 * wait for it.  All functions are called in the thread of the event_base.
 */
struct reload {
	struct service *service;
	/* Use these settings: they and the back ends, which may be NULL, now
	 * belong to the function. */
	void (*use)(void *user, struct options *options,
	    struct back_ends *back_ends);
	void *user;
	struct event found; /* the thread writes to the pipe when it is done */
	int pipe[2];
	bool is_running;
	bool again; /* SIGHUP came while the thread was running */
};

/* Call before the sandbox is entered.  The first members are set.  Returns
 * false, with the reason on stderr, if that fails. */
bool reload_open(struct reload *reload, struct event_base *base);

/* Begin to read the settings again.  If that is under way, it is done once
 * more. */
void reload_begin(struct reload *reload);

/* Forget what is under way.  Its thread may outlive this call. */
void reload_close(struct reload *reload);

#endif
