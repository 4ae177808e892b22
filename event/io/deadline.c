/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <time.h>

#include "io/deadline.h"

#define NEVER   INT64_MAX
#define AT_ONCE INT64_MIN

/* A clock that is some milliseconds late but costs almost nothing.  Some
 * systems do not have this clock. */
#ifdef CLOCK_MONOTONIC_COARSE
#define CLOCK CLOCK_MONOTONIC_COARSE
#else
#define CLOCK CLOCK_MONOTONIC
#endif

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void
set_alarm(struct deadline *deadline, int64_t wait)
{
	struct timeval limit = { .tv_sec = wait / 1000,
		.tv_usec = wait % 1000 * 1000 };

	if (event_add(&deadline->timer, &limit) == 0) {
		deadline->alarm = deadline->due;
		return;
	}
	deadline->alarm = NEVER;
	deadline->due = AT_ONCE;
	event_active(&deadline->timer, EV_TIMEOUT, 1); /* needs no memory */
}

static void
on_alarm(evutil_socket_t fd, short what, void *argument)
{
	struct deadline *deadline = argument;
	int64_t time = now();

	(void)fd;
	(void)what;
	deadline->alarm = NEVER;
	if (deadline->due <= time) {
		deadline->due = NEVER;
		deadline->over(deadline->user);
	} else if (deadline->due != NEVER) {
		set_alarm(deadline, deadline->due - time);
	}
}

void
mailin_deadline_init(struct deadline *deadline, struct event_base *base,
    void (*over)(void *user), void *user)
{
	evtimer_assign(&deadline->timer, base, on_alarm, deadline);
	deadline->alarm = deadline->due = NEVER;
	deadline->over = over;
	deadline->user = user;
}

void
mailin_deadline_set(struct deadline *deadline, unsigned seconds)
{
	int64_t wait = (int64_t)seconds * 1000;

	deadline->due = seconds == 0 ? NEVER : now() + wait;
	if (deadline->due < deadline->alarm)
		set_alarm(deadline, wait);
}

void
mailin_deadline_end(struct deadline *deadline)
{
	event_del(&deadline->timer);
}
