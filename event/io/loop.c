/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "io/loop.h"

static void
end_if_free(struct loop *loop)
{
	if (loop->stopping && loop->holds == 0)
		loop->ended(loop->user);
}

void
mailin_loop_hold(struct loop *loop)
{
	loop->holds++;
}

void
mailin_loop_release(struct loop *loop)
{
	loop->holds--;
	end_if_free(loop);
}

void
mailin_loop_stop(struct loop *loop)
{
	mailin_post_stop(loop->post);
}

static void
deliver(struct letter *letter)
{
	while (letter != NULL) {
		struct letter *next = letter->next;

		letter->arrived(letter);
		letter = next;
	}
}

static void
on_wake(evutil_socket_t fd, short what, void *argument)
{
	struct loop *loop = argument;
	unsigned stops;

	(void)fd;
	loop->delivering = true;
	deliver(mailin_post_receive(loop->post, (what & EV_READ) != 0));
	loop->delivering = false;
	stops = atomic_load(&loop->post->stops);
	if (stops > 0 && !loop->stopping) {
		loop->stopping = true;
		loop->stop(loop->user, false);
	}
	if (stops > 1)
		loop->stop(loop->user, true);
	end_if_free(loop);
}

/* Called when the loop's own thread has sent a letter (message): deliver it in
 * the current turn of the loop.  But a letter that is sent while others are
 * delivered waits for the next turn.  Otherwise letters that cause new letters
 * could keep the loop from its sockets. */
static bool
rouse(void *user)
{
	struct loop *loop = user;

	if (loop->delivering)
		return false;
	event_active(&loop->wake, EV_TIMEOUT, 0);
	return true;
}

int
mailin_loop_run(struct loop *loop)
{
	int result;

	mailin_post_enter(loop->post, rouse, loop);
	result = event_base_dispatch(loop->base);
	mailin_post_leave(loop->post);
	return result;
}

static bool
watch(struct loop *loop, struct event_base *base)
{
	loop->owned = base == NULL;
	loop->base = loop->owned ? event_base_new() : base;
	if (loop->base == NULL)
		return false;
	if (event_assign(&loop->wake, loop->base, loop->post->pipe[0],
		EV_READ | EV_PERSIST, on_wake, loop) == 0 &&
	    event_add(&loop->wake, NULL) == 0)
		return true;
	if (loop->owned)
		event_base_free(loop->base);
	return false;
}

bool
mailin_loop_open(struct loop *loop, struct event_base *base,
    void (*stop)(void *user, bool at_once), void (*ended)(void *user),
    void *user)
{
	loop->stop = stop;
	loop->ended = ended;
	loop->user = user;
	loop->post = mailin_post_new();
	if (loop->post == NULL)
		return false;
	if (watch(loop, base))
		return true;
	mailin_post_release(loop->post);
	return false;
}

void
mailin_loop_empty(struct loop *loop)
{
	deliver(mailin_post_close(loop->post));
}

void
mailin_loop_close(struct loop *loop)
{
	event_del(&loop->wake);
	if (loop->owned)
		event_base_free(loop->base);
	mailin_post_release(loop->post);
}
