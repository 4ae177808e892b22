/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_WORKERS_H
#define EXAMPLES_WORKERS_H

#include <pthread.h>

#include <mailin.h>

/* Threads that do jobs, and wake a loop around poll(2) when one is done. */

/* A question of a session; reply is the decision, when the job is done. */
struct job {
	struct job *next;
	uint64_t client; /* a number, no pointer: the client may go */
	uint64_t token;
	unsigned ms;             /* the work: to sleep for this time */
	enum mailin_reply reply; /* the decision */
};

struct workers {
	pthread_mutex_t mutex;
	pthread_cond_t work;
	struct job *first, **last; /* jobs to do, in order */
	struct job *done;
	int wake[2]; /* a pipe: readable when a job is done */
};

/* Returns false, with errno, if they cannot be started. */
bool workers_start(struct workers *workers, int count);

/* Do a job, which comes from malloc, and belongs to the workers until
 * workers_done returns it. */
void workers_do(struct workers *workers, struct job *job);

/* Returns the list of jobs that are done. */
struct job *workers_done(struct workers *workers);

#endif
