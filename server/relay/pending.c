/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "relay/pending.h"

struct answer {
	struct answer *next;
	struct mailin_ticket *ticket;
	enum mailin_reply (*decide)(struct mailin_session *session, void *user);
	void *user;
	int code; /* the code of the reply; 0: OK */
	char enhanced[12];
	char *text;
	size_t text_len;
};

void
answers_init(struct answers *answers)
{
	*answers = (struct answers){ .last = &answers->first };
}

enum mailin_reply
answers_await(struct answers *answers, struct mailin_session *session)
{
	struct answer *answer = calloc(1, sizeof *answer);

	if (answer != NULL)
		answer->ticket = mailin_ticket_new(session);
	if (answer == NULL || answer->ticket == NULL) {
		free(answer);
		return MAILIN_REPLY_OUT_OF_MEMORY;
	}
	*answers->last = answer;
	answers->last = &answer->next;
	answers->count++;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
reply_of(const struct answer *answer, struct mailin_session *session)
{
	if (answer->decide != NULL)
		return answer->decide(session, answer->user);
	if (answer->code == 0)
		return MAILIN_REPLY_OK;
	return mailin_session_reply_text(session, answer->code,
	    answer->enhanced,
	    (struct mailin_span){ answer->text, answer->text_len });
}

static void
carry_out(struct mailin_session *session, void *user)
{
	struct answer *answer = user;

	if (session != NULL)
		(void)mailin_session_resume(session,
		    mailin_session_decision(session),
		    reply_of(answer, session));
	free(answer->text);
	free(answer);
}

static struct answer *
take_first(struct answers *answers)
{
	struct answer *answer = answers->first;

	if (answer == NULL)
		return NULL;
	answers->first = answer->next;
	if (answers->first == NULL)
		answers->last = &answers->first;
	answers->count--;
	return answer;
}

static void
send_answer(struct answer *answer)
{
	mailin_ticket_call(answer->ticket, carry_out, answer);
}

void
answers_accept(struct answers *answers)
{
	struct answer *answer = take_first(answers);

	if (answer != NULL)
		send_answer(answer);
}

void
answers_call(struct answers *answers,
    enum mailin_reply (*decide)(struct mailin_session *session, void *user),
    void *user)
{
	struct answer *answer = take_first(answers);

	if (answer == NULL)
		return;
	answer->decide = decide;
	answer->user = user;
	send_answer(answer);
}

/* Returns the code for the client.  A back end may end its own session, but not
 * that of the client, so 421 and 521 are replaced. */
static int
milder(int code)
{
	return code == 421 ? 451 : code == 521 ? 554 : code;
}

void
answers_reply(struct answers *answers, int code, const char *enhanced,
    struct mailin_span text)
{
	struct answer *answer = take_first(answers);

	if (answer == NULL)
		return;
	answer->code = milder(code);
	strncpy(answer->enhanced, enhanced, sizeof answer->enhanced - 1);
	/* Without memory, the reply has no text. */
	answer->text = malloc(text.len + 1);
	if (answer->text != NULL && text.len > 0) {
		memcpy(answer->text, text.ptr, text.len);
		answer->text_len = text.len;
	}
	send_answer(answer);
}

void
answers_reply_all(struct answers *answers, int code, const char *enhanced,
    const char *text)
{
	while (answers->count > 0)
		answers_reply(answers, code, enhanced, mailin_span_of(text));
}
