/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "relay/back_off.h"

#define PAUSE_FIRST 3
#define PAUSE_MOST  300

/* If an attempt to log in has not ended after this many milliseconds, another
 * attempt may begin. */
#define ATTEMPT_TIME 15000

void
back_off_init(struct back_off *back_off)
{
	*back_off = (struct back_off){ .refusals = 0 };
	pthread_mutex_init(&back_off->lock, NULL);
}

void
back_off_free(struct back_off *back_off)
{
	pthread_mutex_destroy(&back_off->lock);
}

bool
back_off_allows(struct back_off *back_off, int64_t now)
{
	bool allowed = true;

	pthread_mutex_lock(&back_off->lock);
	if (back_off->refusals > 0) {
		allowed = back_off->until <= now &&
		    back_off->attempt_until <= now;
		if (allowed)
			back_off->attempt_until = now + ATTEMPT_TIME;
	}
	pthread_mutex_unlock(&back_off->lock);
	return allowed;
}

static unsigned
next_pause(unsigned refusals)
{
	unsigned pause = PAUSE_FIRST;

	while (refusals-- > 0 && pause < PAUSE_MOST)
		pause *= 2;
	return pause < PAUSE_MOST ? pause : PAUSE_MOST;
}

unsigned
back_off_refused(struct back_off *back_off, int64_t now)
{
	unsigned pause = 0;

	pthread_mutex_lock(&back_off->lock);
	/* Several attempts may have begun before the first refusal.  Only the
	 * first of their refusals begins a pause. */
	if (back_off->refusals == 0 || back_off->attempt_until > 0) {
		pause = next_pause(back_off->refusals);
		back_off->refusals++;
		back_off->until = now + (int64_t)pause * 1000;
		back_off->attempt_until = 0;
	}
	pthread_mutex_unlock(&back_off->lock);
	return pause;
}

void
back_off_end(struct back_off *back_off)
{
	pthread_mutex_lock(&back_off->lock);
	back_off->refusals = 0;
	back_off->attempt_until = 0;
	pthread_mutex_unlock(&back_off->lock);
}
