/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "workers.h"

static struct job *
take(struct workers *w)
{
	struct job *job;

	pthread_mutex_lock(&w->mutex);
	while (w->first == NULL)
		pthread_cond_wait(&w->work, &w->mutex);
	job = w->first;
	w->first = job->next;
	if (w->first == NULL)
		w->last = &w->first;
	pthread_mutex_unlock(&w->mutex);
	return job;
}

/* Write the octet after the job is in the list, so that the loop finds it when
 * it wakes.  If the pipe is full, the loop wakes as well. */
static void
give_back(struct workers *w, struct job *job)
{
	ssize_t written;

	pthread_mutex_lock(&w->mutex);
	job->next = w->done;
	w->done = job;
	pthread_mutex_unlock(&w->mutex);
	do
		written = write(w->wake[1], "", 1);
	while (written < 0 && errno == EINTR);
}

static void *
work(void *user)
{
	for (;;) {
		struct job *job = take(user);
		struct timespec time = { .tv_nsec = job->ms * 1000000L };

		nanosleep(&time, NULL);
		give_back(user, job);
	}
	return NULL;
}

bool
workers_start(struct workers *w, int count)
{
	pthread_t thread;

	w->first = w->done = NULL;
	w->last = &w->first;
	if (pipe(w->wake) < 0 || fcntl(w->wake[0], F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(w->wake[1], F_SETFL, O_NONBLOCK) < 0 ||
	    (errno = pthread_mutex_init(&w->mutex, NULL)) != 0 ||
	    (errno = pthread_cond_init(&w->work, NULL)) != 0)
		return false;
	while (count-- > 0) {
		errno = pthread_create(&thread, NULL, work, w);
		if (errno != 0)
			return false;
		pthread_detach(thread);
	}
	return true;
}

void
workers_do(struct workers *w, struct job *job)
{
	job->next = NULL;
	pthread_mutex_lock(&w->mutex);
	*w->last = job;
	w->last = &job->next;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->mutex);
}

struct job *
workers_done(struct workers *w)
{
	char octets[256];
	struct job *done;

	while (read(w->wake[0], octets, sizeof octets) > 0)
		;
	pthread_mutex_lock(&w->mutex);
	done = w->done;
	w->done = NULL;
	pthread_mutex_unlock(&w->mutex);
	return done;
}
