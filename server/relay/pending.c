/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "relay/pending.h"

struct pending_decision {
	struct pending_decision *next;
	struct mailin_ticket *ticket;
	enum mailin_reply (*decide)(struct mailin_session *session, void *user);
	void *user;
	int code; /* the code of the reply; 0: OK */
	char enhanced[12];
	char *text;
	size_t text_len;
};

void
pending_init(struct pending *pending)
{
	*pending = (struct pending){ .last = &pending->first };
}

enum mailin_reply
pending_add(struct pending *pending, struct mailin_session *session)
{
	struct pending_decision *decision = calloc(1, sizeof *decision);

	if (decision != NULL)
		decision->ticket = mailin_ticket_new(session);
	if (decision == NULL || decision->ticket == NULL) {
		free(decision);
		return MAILIN_REPLY_OUT_OF_MEMORY;
	}
	*pending->last = decision;
	pending->last = &decision->next;
	pending->count++;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
reply_of(const struct pending_decision *decision,
    struct mailin_session *session)
{
	if (decision->decide != NULL)
		return decision->decide(session, decision->user);
	if (decision->code == 0)
		return MAILIN_REPLY_OK;
	return mailin_session_reply_text(session, decision->code,
	    decision->enhanced,
	    (struct mailin_span){ decision->text, decision->text_len });
}

static void
resume(struct mailin_session *session, void *user)
{
	struct pending_decision *decision = user;

	if (session != NULL)
		(void)mailin_session_resume(session,
		    mailin_session_decision(session),
		    reply_of(decision, session));
	free(decision->text);
	free(decision);
}

static struct pending_decision *
take_first(struct pending *pending)
{
	struct pending_decision *decision = pending->first;

	if (decision == NULL)
		return NULL;
	pending->first = decision->next;
	if (pending->first == NULL)
		pending->last = &pending->first;
	pending->count--;
	return decision;
}

static void
make_decision(struct pending_decision *decision)
{
	mailin_ticket_call(decision->ticket, resume, decision);
}

void
pending_accept(struct pending *pending)
{
	struct pending_decision *decision = take_first(pending);

	if (decision != NULL)
		make_decision(decision);
}

void
pending_decide(struct pending *pending,
    enum mailin_reply (*decide)(struct mailin_session *session, void *user),
    void *user)
{
	struct pending_decision *decision = take_first(pending);

	if (decision == NULL)
		return;
	decision->decide = decide;
	decision->user = user;
	make_decision(decision);
}

/* Returns the code for the client.  A back end may end its own session, but not
 * that of the client, so 421 and 521 are replaced. */
static int
milder(int code)
{
	return code == 421 ? 451 : code == 521 ? 554 : code;
}

void
pending_reply(struct pending *pending, int code, const char *enhanced,
    struct mailin_span text)
{
	struct pending_decision *decision = take_first(pending);

	if (decision == NULL)
		return;
	decision->code = milder(code);
	strncpy(decision->enhanced, enhanced, sizeof decision->enhanced - 1);
	/* Without memory, the reply has no text. */
	decision->text = malloc(text.len + 1);
	if (decision->text != NULL && text.len > 0) {
		memcpy(decision->text, text.ptr, text.len);
		decision->text_len = text.len;
	}
	make_decision(decision);
}

void
pending_reply_all(struct pending *pending, int code, const char *enhanced,
    const char *text)
{
	while (pending->count > 0)
		pending_reply(pending, code, enhanced, mailin_span_of(text));
}
