/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PEER_H
#define MAILIN_TESTS_PEER_H

#include <pthread.h>
#include <stdatomic.h>

#include <mailin/event.h>

/* For tests of libmailin-event: clients, and a server in a thread.  A client
 * waits at most 20 seconds.  If something fails, these functions end the test.
 * Only peer_try does not, because a thread of clients may call it. */

/* Returns the socket of a client that is connected to the listener. */
int peer_connect(const struct mailin_listener *listener);

/* Like peer_connect, from another address of 127.0.0.0/8. */
int peer_connect_from(const struct mailin_listener *listener,
    const char *address);

/* Connect with a socket that the caller has made. */
void peer_connect_with(int fd, const struct mailin_listener *listener);

/* Send text, and read a reply for each of the codes, such as "250 2.0.0|354".
 * The code "gone" means the end of the connection. */
void peer_talk(int fd, const char *text, const char *codes);

/* Like peer_talk, but returns false if another reply comes. */
bool peer_try(int fd, const char *text, const char *codes);

/* Begin a session, and go on until the server waits for the data of a
 * message. */
void peer_begin(int fd);

/* Returns how many names are in a folder, such as /proc/self/fd. */
unsigned peer_names_in(const char *path);

/* A server whose events are counted. */
struct host {
	struct mailin_server *server;
	struct mailin_config *config;
	struct mailin_handler handler;
	struct mailin_service service;
	struct mailin_listener *listener;
	pthread_t thread;
	atomic_uint events[MAILIN_EVENT_STOPPED + 1];
	char reason[64]; /* the reason of the last event */
	int error;       /* the error of the last event that has one */
	/* Facts about the last connection that has ended. */
	enum mailin_close_reason close_reason;
	uint64_t octets_in, octets_out;
	bool succeeded; /* mailin_server_run has returned */
};

/* Set a handler that accepts everything, and has no other callbacks. */
void host_accept(struct mailin_handler *handler);

/* Make a host whose handler accepts everything, with this number of threads. */
void host_init(struct host *host, unsigned threads);

/* Listen, and serve in a new thread. */
void host_start(struct host *host);

/* Wait until the server has ended, and free everything. */
void host_join(struct host *host);

/* Stop the server (mailin_server_stop), then host_join. */
void host_stop(struct host *host);

/* The callback of a host for mailin_server_options; "user" is the host. */
void host_event(const struct mailin_event *event, void *user);

/* Wait until *number is equal to "value". */
void host_await(atomic_uint *number, unsigned value);

#endif
