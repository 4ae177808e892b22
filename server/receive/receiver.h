/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RECEIVER_H
#define MAILIN_SERVER_RECEIVER_H

#include <mailin/session.h>

#include "receive/account.h"
#include "receive/decision.h"
#include "receive/service.h"

/* The data of the handler for one session.  The handler decides who may log in
 * and whose mail is accepted, and receives the message. */
struct receiver {
	struct service *service;
	struct files *files;    /* the files that were current when the session
				   began */
	struct account account; /* what the log says about the session */
	struct timespec since;  /* the time of MAIL */
	struct store_client client;
	struct message *message; /* the current message, or NULL */
	/* A message that was refused before its end, or NULL.  The client has
	 * not got the reply yet. */
	struct message *refused;
	struct scram *scram; /* the current or last exchange, or NULL */
	struct decision decision;
};

/* Returns the callbacks that these options, and their store, need.  Their user
 * pointer is a struct receiver. */
struct mailin_handler receiver_handler(const struct options *options);

/* Initialize the receiver of a session.  Other threads make the decisions that
 * take long, unless at_once is true.  The files must stay until
 * receiver_end. */
void receiver_begin(struct receiver *receiver, struct files *files,
    struct mailin_session *session, bool at_once);

/* Call when the session has ended, before receiver_end.  Logs the message that
 * was refused before its end, if there is one, and the end of the session. */
void receiver_log_close(const struct receiver *receiver,
    const struct mailin_session *session, enum mailin_close_reason reason,
    uint64_t octets_in, uint64_t octets_out);

/* Call at the end of the session.  If a message is being stored, storing goes
 * on. */
void receiver_end(struct receiver *receiver);

#endif
