/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ANSWERS_H
#define MAILIN_SERVER_ANSWERS_H

#include <mailin/client.h>
#include <mailin/event.h>

struct answer;

/* The pending decisions of a session, which wait for a reply of a back end.
 * The oldest decision comes first. */
struct answers {
	struct answer *first, **last;
	size_t count;
};

void answers_init(struct answers *answers);

/* Call inside a callback whose decision a back end will make later.  Returns
 * PENDING, or OUT_OF_MEMORY. */
enum mailin_reply answers_await(struct answers *answers,
    struct mailin_session *session);

/* Make the oldest pending decision: accept, or give this reply.  The codes 421
 * and 521 would end the session, so 451 and 554 replace them.  Does nothing if
 * no decision is pending. */
void answers_accept(struct answers *answers);
void answers_reply(struct answers *answers, int code, const char *enhanced,
    struct mailin_span text);

/* Make all pending decisions, with the same reply. */
void answers_reply_all(struct answers *answers, int code, const char *enhanced,
    const char *text);

/* Make the oldest pending decision: the result of decide() is the decision.
 * decide() is not called if the session has ended. */
void answers_call(struct answers *answers,
    enum mailin_reply (*decide)(struct mailin_session *session, void *user),
    void *user);

#endif
