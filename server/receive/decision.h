/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DECISION_H
#define MAILIN_SERVER_DECISION_H

#include <mailin/handler.h>

#include "receive/message.h"
#include "receive/files.h"
#include "receive/pool.h"

/*
 * A decision that the handler of a session cannot make before it returns, since
 * a pool has to do the work.  If the session asks several times, as LMTP does
 * for each recipient, all questions wait for the same work.
 */
struct decision {
	struct mailin_session *session;
	bool at_once;     /* no other client waits: do the work at once */
	unsigned waiting; /* questions of the session that wait for the job */
	enum mailin_reply verdict; /* the last decision, or PENDING */
	char id[MAILDIR_ID_SIZE];  /* the name of the stored message, or "" */
};

/* Have a pool store the message, which then belongs to the job.  Returns false,
 * and does nothing, if there is no memory. */
bool decision_store(struct decision *decision, struct message *message,
    struct pool *pool);

/* Have a pool verify the credentials by the password file.  Returns false if
 * there is no memory, or if they are no text. */
bool decision_verify(struct decision *decision, struct files *files,
    const struct mailin_credentials *credentials, struct pool *pool);

/* Returns what the callback has to return to the session. */
enum mailin_reply decision_reply(struct decision *decision);

#endif
