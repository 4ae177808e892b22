/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PENDING_H
#define MAILIN_SERVER_PENDING_H

#include <mailin/client.h>
#include <mailin/event.h>

struct pending_decision;

/* The pending decisions of a session, which wait for a reply of a back end.
 * The oldest decision comes first. */
struct pending {
	struct pending_decision *first, **last;
	size_t count;
};

void pending_init(struct pending *pending);

/* Call inside a callback, to leave its decision to a back end.  Returns
 * PENDING, or OUT_OF_MEMORY. */
enum mailin_reply pending_add(struct pending *pending,
    struct mailin_session *session);

/* Make the oldest pending decision: accept, or give this reply.  The codes 421
 * and 521 would end the session, so 451 and 554 replace them.  Does nothing if
 * no decision is pending. */
void pending_accept(struct pending *pending);
void pending_reply(struct pending *pending, int code, const char *enhanced,
    struct mailin_span text);

/* Make all pending decisions, with the same reply. */
void pending_reply_all(struct pending *pending, int code, const char *enhanced,
    const char *text);

/* Make the oldest pending decision: the result of decide() is the decision.
 * decide() is not called if the session has ended. */
void pending_decide(struct pending *pending,
    enum mailin_reply (*decide)(struct mailin_session *session, void *user),
    void *user);

#endif
