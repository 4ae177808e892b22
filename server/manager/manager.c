/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "manager/manager.h"

/* The server uses at most this many of the sockets that the service manager
 * (systemd) passes. */
#define MAX_SOCKETS 64

static struct {
	int count; /* how many sockets; -1: not known yet */
	char **names;
	char addresses[MAX_SOCKETS][16]; /* such as "fd:3" */
} sockets = { .count = -1 };

static struct event life;

bool
manager_exists(void)
{
	return true;
}

/* ---- Sockets ---- */

static void
look_up(void)
{
	int i;

	sockets.count = sd_listen_fds_with_names(1, &sockets.names);
	if (sockets.count < 0 || sockets.names == NULL)
		sockets.count = 0;
	if (sockets.count > MAX_SOCKETS)
		sockets.count = MAX_SOCKETS;
	for (i = 0; i < sockets.count; i++)
		snprintf(sockets.addresses[i], sizeof sockets.addresses[i],
		    "fd:%d", SD_LISTEN_FDS_START + i);
}

const char *
manager_socket(const char *name, size_t number)
{
	int i;

	if (sockets.count < 0)
		look_up();
	for (i = 0; i < sockets.count; i++)
		if (strcmp(sockets.names[i], name) == 0 && number-- == 0)
			return sockets.addresses[i];
	return NULL;
}

/* ---- Messages to the manager ---- */

bool
manager_listens(void)
{
	return getenv("NOTIFY_SOCKET") != NULL;
}

void
manager_ready(void)
{
	(void)sd_notify(0, "READY=1\nSTATUS=Serving");
}

/* Tell the manager that the server reads its files again.  The message must
 * contain the time at which it is sent: only a READY message that is sent later
 * completes the reload. */
void
manager_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
	    (unsigned long long)now.tv_sec * 1000000 +
		(unsigned long long)now.tv_nsec / 1000);
}

void
manager_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1\nSTATUS=Waiting for sessions to end");
}

static void
on_life(evutil_socket_t fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	(void)argument;
	(void)sd_notify(0, "WATCHDOG=1");
}

/* Send a sign of life twice in the time after which the manager gives up. */
bool
manager_watch(struct event_base *base)
{
	struct timeval pause;
	uint64_t limit;

	if (sd_watchdog_enabled(0, &limit) <= 0)
		return true;
	pause.tv_sec = (time_t)(limit / 2 / 1000000);
	pause.tv_usec = (suseconds_t)(limit / 2 % 1000000);
	return event_assign(&life, base, -1, EV_PERSIST, on_life, NULL) == 0 &&
	    event_add(&life, &pause) == 0;
}

void
manager_unwatch(void)
{
	if (event_initialized(&life))
		event_del(&life);
}
