/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECEIVER_H
#define MAILIN_SERVER_RECEIVER_H

#include <mailin/session.h>

#include "message.h"
#include "service.h"

struct job;

/* The handler of one session: who may log in, whose mail is taken, and the
 * message that is on its way. */
struct receiver {
	struct service        *service;
	struct loop           *loop;    /* the thread's; NULL in --stdio */
	struct mailin_session *session;
	unsigned long          number;  /* of the session, in traces */
	struct message        *message; /* being received, or NULL */
	struct job            *job;     /* that is being done, or NULL */
	enum mailin_reply      verdict; /* of the last job, or PENDING */
	unsigned               waiting; /* decisions that it is to make */
	char                   id[MAILDIR_ID_SIZE]; /* stored by it, or "" */
	bool                   proxied; /* the client is a proxy */
	/* The session may go on. */
	void                 (*decided)(struct receiver *receiver);
};

/* The callbacks for these options; their user pointer is a receiver. */
struct mailin_handler receiver_handler(const struct options *options);

/* Make one, and its session.  False: no memory.  loop and decided may be
 * NULL: each callback then decides before it returns. */
bool receiver_begin(struct receiver *receiver, struct service *service,
    struct loop *loop, void (*decided)(struct receiver *receiver));

/* Tell the session who is at both ends, and what such a client may tell of
 * others. */
void receiver_set_peer(struct receiver *receiver,
    const struct netaddr *remote, const struct netaddr *local);

/* Free the session; what is being stored goes on without it. */
void receiver_end(struct receiver *receiver);

#endif
