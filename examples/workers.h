/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_WORKERS_H
#define EXAMPLES_WORKERS_H

#include <pthread.h>

#include <mailin.h>

/* Threads that do jobs, and tell a loop around poll(2) when one is done. */

/* A question of a session, and in the end its answer. */
struct job {
	struct job *next;
	uint64_t client; /* a number, no pointer: it may go */
	uint64_t token;
	unsigned ms;             /* the work: to sleep so long */
	enum mailin_reply reply; /* and what it finds out */
};

struct workers {
	pthread_mutex_t mutex;
	pthread_cond_t work;
	struct job *first, **last; /* to do, in order */
	struct job *done;
	int wake[2]; /* a pipe: readable when one is done */
};

/* False, with errno: they cannot be started. */
bool workers_start(struct workers *workers, int count);

/* The job, from malloc, is theirs until workers_done gives it back. */
void workers_do(struct workers *workers, struct job *job);

/* The jobs that are done, as a list. */
struct job *workers_done(struct workers *workers);

#endif
