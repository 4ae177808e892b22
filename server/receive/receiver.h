/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECEIVER_H
#define MAILIN_SERVER_RECEIVER_H

#include <mailin/session.h>

#include "receive/decision.h"
#include "receive/service.h"

/* The handler of one session: who may log in, whose mail is taken, and the
 * message that is on its way. */
struct receiver {
	struct service *service;
	struct mailin_session *session;
	unsigned long number;    /* of the session, in traces */
	struct message *message; /* being received, or NULL */
	struct decision decision;
	bool proxied; /* a PROXY header is to come first */
};

/* The callbacks for these options; their user pointer is a receiver. */
struct mailin_handler receiver_handler(const struct options *options);

/* Make one, and its session, whose decisions are made in that loop, by calling
 * decided.  False: no memory.  loop and decided may be NULL: each callback then
 * decides before it returns. */
bool receiver_begin(struct receiver *receiver, struct service *service,
    struct loop *loop, void (*decided)(void *user), void *user);

/* Tell the session who is at both ends, and what such a client may tell of
 * others. */
void receiver_set_peer(struct receiver *receiver, const struct netaddr *remote,
    const struct netaddr *local);

/* The handshake is done, or has failed for that reason; the session is told,
 * and the operator.  False: it cannot go on. */
bool receiver_tls_started(struct receiver *receiver,
    const struct mailin_tls *tls);
void receiver_tls_failed(struct receiver *receiver, const char *reason);

/* Free the session, and give back its place among the connections of the
 * service.  What is being stored goes on without it, and keeps the place. */
void receiver_end(struct receiver *receiver);

#endif
