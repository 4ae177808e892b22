/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DECISION_H
#define MAILIN_SERVER_DECISION_H

#include <mailin/handler.h>

#include "receive/message.h"
#include "settings/passwd.h"
#include "event/pool.h"

struct job;

/*
 * What a session's handler cannot decide before it returns, since a pool has to
 * do the work.  All that the session then asks waits for the same work: LMTP
 * asks for each recipient.
 */
struct decision {
	struct mailin_session *session;
	struct loop *loop;        /* its thread's; NULL: nobody else
	                                   waits, decide at once */
	void (*made)(void *user); /* the session may go on */
	void *user;
	struct job *job;           /* under way, or NULL */
	enum mailin_reply verdict; /* of the last one, or PENDING */
	unsigned waiting;          /* for it: questions of the session */
	char id[MAILDIR_ID_SIZE];  /* stored by it, or "" */
};

/* Have the message stored, which is taken over.  False: no memory, and nothing
 * was done. */
bool decision_store(struct decision *decision, struct message *message,
    struct pool *pool);

/* Have the credentials verified.  False: no memory, or they are no text. */
bool decision_verify(struct decision *decision,
    const struct passwd_file *passwd,
    const struct mailin_credentials *credentials, struct pool *pool);

/* The callback's answer to the session. */
enum mailin_reply decision_answer(struct decision *decision);

/* The session is gone; what is under way goes on without it.  *places counts
 * the clients: this one leaves when nothing is under way any more, since a
 * message that is being stored has a file open. */
void decision_end(struct decision *decision, atomic_uint *places);

#endif
