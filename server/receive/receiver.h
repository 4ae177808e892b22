/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECEIVER_H
#define MAILIN_SERVER_RECEIVER_H

#include <mailin/session.h>

#include "receive/decision.h"
#include "receive/service.h"

/* The handler of one session: it decides who may log in and whose mail is
 * accepted, and it holds the message that is being received. */
struct receiver {
	struct service *service;
	struct mailin_session *session;
	unsigned long number;    /* the session's number in traces */
	struct message *message; /* the present message, or NULL */
	struct decision decision;
	bool proxied; /* a PROXY header must come first */
};

/* Returns the callbacks for these options.  Their user pointer is a
 * receiver. */
struct mailin_handler receiver_handler(const struct options *options);

/* Initialize a receiver and make its session.  Decisions that take long are
 * made outside the thread of loop; then decided is called in that thread. loop
 * and decided may be NULL: then each callback decides before it returns.
 * Returns false if there is no memory. */
bool receiver_begin(struct receiver *receiver, struct service *service,
    struct loop *loop, void (*decided)(void *user), void *user);

/* Tell the session the addresses of both ends, and offer what a client with
 * that address may use: PROXY, or XCLIENT and XFORWARD. */
void receiver_set_peer(struct receiver *receiver, const struct netaddr *remote,
    const struct netaddr *local);

/* The handshake succeeded, or failed for the reason given.  Tell the session,
 * and the operator.  Returns false if the session cannot go on. */
bool receiver_tls_started(struct receiver *receiver,
    const struct mailin_tls *tls);
void receiver_tls_failed(struct receiver *receiver, const char *reason);

/* Free the session, and decrement the count of connections.  A message that is
 * being stored goes on without the session; the count is then decremented
 * afterwards. */
void receiver_end(struct receiver *receiver);

#endif
