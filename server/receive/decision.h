/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DECISION_H
#define MAILIN_SERVER_DECISION_H

#include <stdatomic.h>

#include <mailin/handler.h>

#include "receive/message.h"
#include "receive/files.h"
#include "receive/pool.h"

/*
 * A decision that takes long.  A thread of a pool makes it after the callback
 * has returned.  With LMTP the session asks for a decision on each recipient;
 * then one job makes all these decisions.
 */
struct decision {
	struct mailin_session *session;
	bool at_once; /* no other client has to wait, so work at once */
	/* The session has ended.  A thread of a pool reads this: the memory of
	 * a session lives until its jobs are done. */
	atomic_bool abandoned;
	unsigned waiting;          /* pending decisions that wait for the job */
	enum mailin_reply verdict; /* the last decision, or PENDING */
	struct message *stored;    /* the message with the verdicts, or NULL */
	size_t next; /* the index of the recipient whose verdict comes next, or
			STORE_WHOLE */
};

/* Let a pool store the message, which then belongs to the decision.  The
 * session asks for one verdict on the whole message, or for a verdict on each
 * recipient.  If there is no memory, the message is freed, and each verdict is
 * OUT_OF_MEMORY. */
void decision_store(struct decision *decision, struct message *message,
    bool whole, struct pool *pool);

/* Let a pool compare the credentials with the password file.  Returns false if
 * there is no memory, or if the credentials hold a NUL. */
bool decision_verify(struct decision *decision, struct files *files,
    const struct mailin_credentials *credentials, struct pool *pool);

/* Returns the value that the callback must return to the session. */
enum mailin_reply decision_reply(struct decision *decision);

/* Call when the transaction has ended.  Frees the message. */
void decision_end(struct decision *decision);

/* The session has ended.  A password that still waits is not compared any
 * more, so that many of them do not delay the end of the server. */
void decision_abandon(struct decision *decision);

#endif
