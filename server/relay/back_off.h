/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_BACK_OFF_H
#define MAILIN_SERVER_BACK_OFF_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The pauses between attempts to log in, after a back end has refused the
 * password: 3 seconds, then twice as long each time, at most 5 minutes.  A back
 * end may lock out who tries a wrong password often.  All threads share the
 * pauses.  Times are in milliseconds of the monotonic clock.
 */
struct back_off {
	pthread_mutex_t lock;  /* guards the other members */
	unsigned refusals;     /* since the last success */
	int64_t until;         /* no attempt before this time */
	int64_t attempt_until; /* one attempt is made, until this time at most;
				  0: none */
};

void back_off_init(struct back_off *back_off);
void back_off_free(struct back_off *back_off);

/* Returns true if the caller may try to log in.  After a refusal, one caller at
 * a time may. */
bool back_off_allows(struct back_off *back_off, int64_t now);

/* An attempt was refused.  Returns how many seconds the pause is, or 0 if the
 * caller has only met the refusal that is known already. */
unsigned back_off_refused(struct back_off *back_off, int64_t now);

/* An attempt was successful. */
void back_off_end(struct back_off *back_off);

#endif
