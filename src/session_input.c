/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session_calls.h"

/* A line cannot be read; an answer to a challenge then fails the exchange. */
static void
line_error(struct mailin_session *session, enum mailin_reply reply)
{
	if (session->state == STATE_AUTH)
		session_auth_fail(session, reply);
	else
		session_send_error(session, reply);
}

/* The trace has every line; of one that is given up, what there is of it. */
static void
trace_given_up(struct mailin_session *session, struct mailin_span line,
    enum mailin_line_result result)
{
	if (session->state == STATE_AUTH)
		line = mailin_span_of("<hidden>");
	else if (result == LINE_AUTH_TOO_LONG || mailin_line_is_auth(line))
		line = mailin_span_of("AUTH <hidden>");
	else if (result != LINE_BARE_LF || line.ptr == NULL)
		line = mailin_span_of("<dropped>");
	session_trace(session, MAILIN_TRACE_IN, line);
}

/* A line is over; what was it? */
static void
end_line(struct mailin_session *session, struct mailin_span line,
    enum mailin_line_result result)
{
	bool answer = session->state == STATE_AUTH;

	session->progress++;
	session->event = answer ? EVENT_ANSWER : EVENT_UNKNOWN;
	session->must_wait = false;
	if (result != LINE_WHOLE)
		trace_given_up(session, line, result);
	switch (result) {
	case LINE_WHOLE:
		if (answer)
			session_auth_answer(session, line);
		else
			session_run_line(session, line);
		break;
	case LINE_TOO_LONG:
		session_send_error(session, MAILIN_REPLY_LINE_TOO_LONG);
		break;
	case LINE_AUTH_TOO_LONG:
		line_error(session, MAILIN_REPLY_AUTH_TOO_LONG);
		break;
	case LINE_BAD_BDAT:
		/* Its octets cannot be told from commands any more. */
		session_reply_close(session, MAILIN_REPLY_BAD_ARGUMENT,
		    MAILIN_CLOSE_PROTOCOL);
		break;
	case LINE_NO_MEMORY:
		line_error(session, MAILIN_REPLY_OUT_OF_MEMORY);
		break;
	case LINE_BARE_LF:
		session_reply_close(session, MAILIN_REPLY_BAD_LINE,
		    MAILIN_CLOSE_PROTOCOL);
		break;
	case LINE_FOREIGN:
		session_reply_close(session, MAILIN_REPLY_NOT_SMTP,
		    MAILIN_CLOSE_PROTOCOL);
		break;
	case LINE_PARTIAL:
		break;
	}
}

static size_t
read_line(struct mailin_session *session, const char *octets, size_t len)
{
	const struct mailin_line_rules rules = {
		.limit = session_limit(session, MAILIN_LIMIT_COMMAND_LINE),
		.auth_limit = session_limit(session, MAILIN_LIMIT_AUTH_LINE),
		.answer = session->state == STATE_AUTH,
	};
	enum mailin_line_result result;
	struct mailin_span line;
	size_t used = mailin_line_read(&session->line,
	    session_allocator(session), &rules, octets, len, &line, &result);

	if (result != LINE_PARTIAL)
		end_line(session, line, result);
	if (result != LINE_PARTIAL && result != LINE_WHOLE)
		mailin_line_wipe(&session->line);
	return used;
}

/* The client has to wait, and the policy insists that it does. */
static bool
is_silence_due(const struct mailin_session *session)
{
	return session->queue.sent < session->wait_for;
}

/* May a step begin?  It is done only if its replies can be queued. */
static bool
is_ready(struct mailin_session *session)
{
	/* Between steps a decision is open only if it is waited for. */
	if (session->decision != DECIDE_NOTHING ||
	    session->state == STATE_TLS || session->state == STATE_CLOSED ||
	    session->freeing || session->starved || is_silence_due(session) ||
	    !session_has_room(session))
		return false;
	session->starved = !session_reserve(session);
	return !session->starved;
}

/* Octets are offered that may not be taken now: has the client to wait? */
static void
note_early(struct mailin_session *session)
{
	bool strict = session_policy(session, MAILIN_POLICY_PIPELINING) ==
	    MAILIN_PIPELINING_REJECT;

	if (session->state == STATE_TLS) {
		/* Replace the 220 where it has not been seen; behind it there
		 * can be no reply. */
		if (mailin_queue_undo(&session->queue, session->tls_reply))
			session_queue_reply(session, MAILIN_REPLY_EARLY_TALK);
		session_close(session, MAILIN_CLOSE_EARLY_TALK);
	} else if (is_silence_due(session) ||
	    (strict && session->decision == DECIDE_CONNECT)) {
		session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
	} else if (session->waiting) {
		session->early = true;
	}
}

size_t
mailin_session_feed(struct mailin_session *session, const char *octets,
    size_t len)
{
	size_t used = 0;

	if (session->calling || session->ended || len == 0 ||
	    session->state == STATE_CLOSED)
		return 0;
	while (used < len && session->expects_proxy &&
	    session->state == STATE_NEW)
		used += session_proxy_read(session, octets + used, len - used);
	session_open(session);
	while (used < len && is_ready(session)) {
		const char *at = octets + used;

		if (session_in_message(session))
			used += session_message_read(session, at, len - used);
		else
			used += read_line(session, at, len - used);
		session_settle(session);
	}
	if (used < len && session->state != STATE_CLOSED)
		note_early(session);
	session_leave(session);
	return used;
}
