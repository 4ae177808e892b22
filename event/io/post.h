/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_POST_H
#define MAILIN_EVENT_POST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Something to do in the thread of a loop.  It is the first member of what it
 * concerns. */
struct letter {
	void (*arrived)(struct letter *letter);
	struct letter *next;
};

/*
 * The way from other threads into a loop.  It lives as long as anybody holds
 * it, so that a thread may send a letter when the loop is gone.  Only this
 * needs a lock: libevent's own would be taken several times for each event.
 */
struct post {
	pthread_mutex_t lock;
	unsigned holders;
	bool open;   /* the loop is there */
	bool waking; /* an octet in the pipe wakes the loop */
	struct letter *first, **last;
	int pipe[2];
	atomic_uint stops; /* calls of mailin_post_stop */
};

/* Returns NULL, with errno, if memory or descriptors are lacking.  The caller
 * holds it. */
struct post *mailin_post_new(void);
void mailin_post_hold(struct post *post);
void mailin_post_release(struct post *post);

/* May be called in any thread.  Returns false, and does nothing, if the loop is
 * gone. */
bool mailin_post_send(struct post *post, struct letter *letter);

/* Wake the loop, and count this call.  May be called in a signal handler. */
void mailin_post_stop(struct post *post);

/* Call in the loop's thread.  Returns the letters that have come, the oldest
 * first. */
struct letter *mailin_post_receive(struct post *post);

/* The same; from now on no letter is accepted. */
struct letter *mailin_post_close(struct post *post);

#endif
