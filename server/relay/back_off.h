/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_BACK_OFF_H
#define MAILIN_SERVER_BACK_OFF_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The pauses between attempts to log in, after a back end has refused the
 * password: 3 seconds, then twice as long each time, at most 5 minutes.  A back
 * end may lock out a server that tries a wrong password often.  All threads
 * share the pauses.  Times are in milliseconds of the monotonic clock.
 */
struct back_off {
	pthread_mutex_t lock;  /* guards the other members */
	unsigned refusals;     /* since the last success */
	int64_t until;         /* no attempt before this time */
	int64_t attempt_until; /* one attempt is under way, at most until this
				  time; 0: no attempt */
};

void back_off_init(struct back_off *back_off);
void back_off_free(struct back_off *back_off);

/* Returns true if the caller may try to log in.  After a refusal only one
 * caller at a time may try. */
bool back_off_allows(struct back_off *back_off, int64_t now);

/* Call when an attempt was refused.  Returns the length of the new pause in
 * seconds.  Returns 0 if this refusal begins no pause: the attempt began before
 * another one was refused. */
unsigned back_off_refused(struct back_off *back_off, int64_t now);

/* Call when an attempt was successful. */
void back_off_end(struct back_off *back_off);

#endif
