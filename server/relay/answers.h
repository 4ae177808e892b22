/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ANSWERS_H
#define MAILIN_SERVER_ANSWERS_H

#include <mailin/client.h>
#include <mailin/event.h>

struct answer;

/* The decisions of a session that wait for a back end, the oldest first. */
struct answers {
	struct answer *first, **last;
	size_t count;
};

void answers_init(struct answers *answers);

/* Call inside a callback whose decision a back end will make later.  Returns
 * PENDING, or OUT_OF_MEMORY. */
enum mailin_reply answers_await(struct answers *answers,
    struct mailin_session *session);

/* Make the oldest decision: accept, or give this reply.  Codes that would end
 * the session become 451 and 554.  Does nothing if no decision waits. */
void answers_accept(struct answers *answers);
void answers_reply(struct answers *answers, int code, const char *enhanced,
    struct mailin_span text);

/* Make all decisions that wait, with the same reply. */
void answers_reply_all(struct answers *answers, int code, const char *enhanced,
    const char *text);

/* Let the function make the oldest decision: its result is the decision.  The
 * function is not called if the session has ended. */
void answers_call(struct answers *answers,
    enum mailin_reply (*decide)(struct mailin_session *session, void *user),
    void *user);

#endif
