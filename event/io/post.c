/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/post.h"

struct post *
mailin_post_new(void)
{
	struct post *post = calloc(1, sizeof *post);

	if (post == NULL)
		return NULL;
	if (pipe2(post->pipe, O_NONBLOCK | O_CLOEXEC) != 0) {
		free(post);
		return NULL;
	}
	pthread_mutex_init(&post->lock, NULL);
	post->holders = 1;
	post->open = true;
	post->last = &post->first;
	return post;
}

void
mailin_post_hold(struct post *post)
{
	pthread_mutex_lock(&post->lock);
	post->holders++;
	pthread_mutex_unlock(&post->lock);
}

void
mailin_post_release(struct post *post)
{
	unsigned holders;

	pthread_mutex_lock(&post->lock);
	holders = --post->holders;
	pthread_mutex_unlock(&post->lock);
	if (holders > 0)
		return;
	pthread_mutex_destroy(&post->lock);
	close(post->pipe[0]);
	close(post->pipe[1]);
	free(post);
}

void
mailin_post_enter(struct post *post, bool (*rouse)(void *user), void *user)
{
	pthread_mutex_lock(&post->lock);
	post->thread = pthread_self();
	post->rouse = rouse;
	post->user = user;
	pthread_mutex_unlock(&post->lock);
}

void
mailin_post_leave(struct post *post)
{
	pthread_mutex_lock(&post->lock);
	post->rouse = NULL;
	pthread_mutex_unlock(&post->lock);
}

/* Wake the loop.  The caller holds the lock. */
static void
wake(struct post *post)
{
	if (post->rouse == NULL ||
	    !pthread_equal(post->thread, pthread_self()) ||
	    !post->rouse(post->user))
		post->waking = write(post->pipe[1], "", 1) == 1;
}

/* Send a letter, and wake the loop.  The pipe gets only one octet, however many
 * letters are sent before the loop takes them. */
bool
mailin_post_send(struct post *post, struct letter *letter)
{
	bool open;

	letter->next = NULL;
	pthread_mutex_lock(&post->lock);
	open = post->open;
	if (open) {
		*post->last = letter;
		post->last = &letter->next;
	}
	if (open && !post->waking)
		wake(post);
	pthread_mutex_unlock(&post->lock);
	return open;
}

/* A signal handler may call this, so it must not take the lock. */
void
mailin_post_stop(struct post *post)
{
	int error = errno;

	atomic_fetch_add(&post->stops, 1);
	if (write(post->pipe[1], "", 1) < 0)
		errno = error; /* the pipe is full, so the loop is awake
				  already */
	errno = error;
}

/* Read the octets in the pipe.  The caller holds the lock. */
static void
empty_pipe(struct post *post)
{
	char octets[64];

	while (read(post->pipe[0], octets, sizeof octets) ==
	    (ssize_t)sizeof octets)
		;
	post->waking = false;
}

/* Returns all letters, and removes them from the post.  The caller holds the
 * lock. */
static struct letter *
take(struct post *post)
{
	struct letter *letters = post->first;

	post->first = NULL;
	post->last = &post->first;
	return letters;
}

struct letter *
mailin_post_receive(struct post *post, bool has_octets)
{
	struct letter *letters;

	pthread_mutex_lock(&post->lock);
	if (has_octets)
		empty_pipe(post);
	letters = take(post);
	pthread_mutex_unlock(&post->lock);
	return letters;
}

struct letter *
mailin_post_close(struct post *post)
{
	struct letter *letters;

	pthread_mutex_lock(&post->lock);
	post->open = false;
	letters = take(post);
	pthread_mutex_unlock(&post->lock);
	return letters;
}
