/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/decide.h"

static inline bool
is_handled(const struct mailin_session *session)
{
	const struct mailin_decision *decision = session->decision;
	void (*callback)(void);

	memcpy(&callback, (const char *)session->handler + decision->callback,
	    sizeof callback);
	return callback != NULL && decision->callback != 0 &&
	    decision->ask != NULL;
}

/* Reserve room for a copy of the command line, because the caller's octets are
 * gone when a PENDING decision is resumed.  The room is after the lines of MAIL
 * and RCPT, or in session->line.carry if the session has no transaction
 * block. */
static inline bool
reserve_line(struct mailin_session *session)
{
	size_t len = session->command_line.len;

	if (session->line.given || len == 0)
		return true;
	return session_has_transaction(session) ?
	    mailin_envelope_reserve_line(&session->transaction->envelope,
		session_allocator(session), len) :
	    mailin_buffer_reserve(&session->line.carry,
		session_allocator(session), len);
}

static void
keep_line(struct mailin_session *session)
{
	struct mailin_span *line = &session->command_line;
	struct mailin_buffer *carry = &session->line.carry;
	struct mailin_buffer *lines = &session->transaction->envelope.lines;

	if (session->line.given || line->len == 0)
		return;
	/* The copy is not part of the envelope; the next one overwrites it. */
	if (session_has_transaction(session)) {
		line->ptr = memmove(lines->octets + lines->len, line->ptr,
		    line->len);
		return;
	}
	mailin_buffer_append(carry, line->ptr, line->len);
	session->line.given = true;
	line->ptr = carry->octets;
}

RARE void
mailin_session_drop_custom(struct mailin_session *session)
{
	mailin_free(session_allocator(session), session->custom);
	session->custom = NULL;
}

/* Returns a reply from a decision's row (decide.h).  If the row does not set
 * this reply, its value is 0, which would mean OK; then the function returns
 * INTERNAL_ERROR. */
static enum mailin_reply
row_reply(unsigned reply)
{
	return reply != MAILIN_REPLY_OK ? (enum mailin_reply)reply :
					  MAILIN_REPLY_INTERNAL_ERROR;
}

/* Returns the reply if the handler lacks the callback of the decision.  If the
 * decision's row does not set this reply, the client is refused. */
static inline enum mailin_reply
fallback(const struct mailin_session *session)
{
	const struct mailin_decision *decision = session->decision;

	return decision->ask != NULL && decision->callback != 0 ?
	    row_reply(decision->fallback) :
	    MAILIN_REPLY_INTERNAL_ERROR;
}

/* Reserve memory for a PENDING decision, then call the handler. */
static inline enum mailin_reply
call_handler(struct mailin_session *session, const void *subject)
{
	if (session->custom != NULL)
		mailin_session_drop_custom(session);
	if (!reserve_line(session))
		return MAILIN_REPLY_OUT_OF_MEMORY;
	session_begin_asking(session);
	return session_end_asking(session,
	    session->decision->ask(session, subject));
}

enum mailin_reply
mailin_session_ask(struct mailin_session *session, const void *subject)
{
	return is_handled(session) ? call_handler(session, subject) :
				     fallback(session);
}

/* Is this positive reply allowed for the decision? */
static bool
agrees(const struct mailin_decision *decision, enum mailin_reply reply,
    int code)
{
	int want = decision->agrees;

	if (reply == MAILIN_REPLY_CUSTOM)
		return want < 10 ? code / 100 == want : code == want;
	return reply == decision->ok || reply == decision->also[0] ||
	    reply == decision->also[1] ||
	    (reply == MAILIN_REPLY_DONE && want == 2);
}

/* A reply that does not fit the decision is an error of the program.  The
 * client gets 451, so that it tries again. */
enum mailin_reply
mailin_session_check_reply(const struct mailin_session *session,
    enum mailin_reply reply)
{
	const struct mailin_decision *decision = session->decision;
	int code;

	if (reply == MAILIN_REPLY_OK)
		return row_reply(decision->ok);
	if ((unsigned)reply >= MAILIN_REPLY_COUNT ||
	    session_is_unformatted(session, reply))
		return MAILIN_REPLY_INTERNAL_ERROR;
	code = session_code(reply, session->custom);
	if (decision->challenges && code == 334 && reply == MAILIN_REPLY_CUSTOM)
		return reply;
	return code >= 400 || agrees(decision, reply, code) ?
	    reply :
	    MAILIN_REPLY_INTERNAL_ERROR;
}

/* Record the verdict; session_run_due() will carry it out. */
static inline void
set_verdict(struct mailin_session *session, enum mailin_reply verdict)
{
	session->waiting = false;
	session->decided = true;
	session->verdict = verdict;
}

void
mailin_session_take_reply(struct mailin_session *session,
    enum mailin_reply reply)
{
	if (reply == MAILIN_REPLY_PENDING) {
		keep_line(session);
		session->waiting = true;
		return;
	}
	session->agreed = row_reply(session->decision->ok);
	set_verdict(session, mailin_session_check_reply(session, reply));
}

void
mailin_session_decide(struct mailin_session *session,
    const struct mailin_decision *decision, const void *subject)
{
	session->decision = decision;
	if (is_handled(session))
		mailin_session_take_reply(session,
		    call_handler(session, subject));
	else
		set_verdict(session, fallback(session));
}

void
mailin_session_only_send(struct mailin_session *session, bool yes,
    enum mailin_reply verdict)
{
	(void)yes;
	mailin_session_send(session, verdict);
}
