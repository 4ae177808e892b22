/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_POST_H
#define MAILIN_EVENT_POST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A letter asks the thread of a loop to do a job.  That thread then calls the
 * function "arrived".  The letter is the first member of a larger struct, in
 * which "arrived" finds its data. */
struct letter {
	void (*arrived)(struct letter *letter);
	struct letter *next;
};

/*
 * A post is the queue of letters from other threads to a loop.  It may outlive
 * the loop: it has several owners (its holders), and the last owner that
 * releases it frees it.  So a thread can safely send a letter even after the
 * loop has been freed.  Only the post needs a lock.  The locks that libevent
 * could use would be taken several times for each event.
 */
struct post {
	pthread_mutex_t lock;
	unsigned holders; /* the number of owners */
	bool open;        /* the loop exists */
	bool waking;      /* the pipe has an octet, which wakes the loop */
	struct letter *first, **last;
	int pipe[2];
	atomic_uint stops; /* calls of mailin_post_stop */
	/* The thread in which the loop runs, and the function that wakes the
	 * loop in that thread.  If the loop does not run, rouse is NULL. */
	pthread_t thread;
	bool (*rouse)(void *user);
	void *user;
};

/* Returns a post with one owner, the caller.  Returns NULL, with errno, if
 * memory or descriptors are lacking. */
struct post *mailin_post_new(void);
/* Add an owner, or remove one. */
void mailin_post_hold(struct post *post);
void mailin_post_release(struct post *post);

/* Call when the loop begins to run in this thread, and mailin_post_leave when
 * it no longer runs.  When this thread itself sends a letter, rouse(user) is
 * called, with the lock held.  If rouse returns true, it has woken the loop,
 * and the pipe gets no octet. */
void mailin_post_enter(struct post *post, bool (*rouse)(void *user),
    void *user);
void mailin_post_leave(struct post *post);

/* Send a letter.  May be called in any thread.  Returns false, and does
 * nothing, if the loop has been freed. */
bool mailin_post_send(struct post *post, struct letter *letter);

/* Wake the loop, and count this call in the member "stops".  May be called in a
 * signal handler. */
void mailin_post_stop(struct post *post);

/* Take all letters out of the queue, and return them, the oldest first.  If
 * has_octets is true, the pipe has octets, and the function reads them.  Call
 * in the loop's thread. */
struct letter *mailin_post_receive(struct post *post, bool has_octets);

/* Accept no more letters.  Returns the letters that are still in the queue, the
 * oldest first.  Call in the loop's thread. */
struct letter *mailin_post_close(struct post *post);

#endif
