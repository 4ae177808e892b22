/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOOP_H
#define MAILIN_SERVER_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdbool.h>

#include "pool.h"
#include "service.h"

struct connection;
struct listener;

#define LOOP_BUFFER_SIZE 16384

/*
 * An event loop, which is a thread, and the clients that it serves from their
 * first octet to their last.  All in it belongs to that thread but what lock
 * guards.
 */
struct loop {
	struct service    *service;
	struct event_base *base;
	pthread_t          thread;
	struct listener   *listeners;
	struct connection *connections;
	unsigned           tasks;     /* that a pool has */
	bool               stopping;
	struct event       grace;     /* while stopping */
	void             (*ended)(void *user); /* called last */
	void              *user;
	char               buffer[LOOP_BUFFER_SIZE]; /* for each read in turn */

	pthread_mutex_t    lock;
	struct event       wake;      /* activated for what follows */
	struct task       *finished, **last_finished;
	int                stops;     /* how often loop_stop was called */
};

/* False: no memory. */
bool loop_open(struct loop *loop, struct service *service);
void loop_close(struct loop *loop);

/* Run it in a thread of its own, which calls ended when it ends.  Answers 0
 * or an errno. */
int loop_start(struct loop *loop, void (*ended)(void *user), void *user);

/* From any thread: take no more clients, end the sessions within the grace
 * period, and then the loop.  Called again: end them at once. */
void loop_stop(struct loop *loop);

/* A connection or a task is gone: end, if stopping and it was the last. */
void loop_check(struct loop *loop);

/* In the loop's thread: a pool is going to run a task of its clients. */
void loop_expect_task(struct loop *loop);

/* From any thread: it has been run; have done called in the loop's. */
void loop_finish_task(struct loop *loop, struct task *task);

#endif
