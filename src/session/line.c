/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

/* Send the reply to a line that cannot be read.  If an AUTH exchange is open,
 * it fails. */
static void
line_error(struct mailin_session *session, enum mailin_reply reply)
{
	if (session->state == STATE_AUTH)
		mailin_session_auth_fail(session, reply);
	else
		mailin_session_send_error(session, reply);
}

/* Trace a line that was dropped, because every line is traced.  If its octets
 * were not kept, or may hold a secret, a fixed text is traced in their
 * place. */
static void
trace_given_up(struct mailin_session *session, struct mailin_span line,
    enum mailin_line_result result)
{
	if (session->state == STATE_AUTH)
		line = mailin_span_of("<hidden>");
	else if (result == LINE_AUTH_TOO_LONG || mailin_line_is_secret(line))
		line = mailin_span_of("AUTH <hidden>");
	else if (result != LINE_BARE_LF || line.ptr == NULL)
		line = mailin_span_of("<dropped>");
	mailin_session_trace(session, MAILIN_TRACE_IN, line);
}

/* The reply to a line that cannot be read.  If "closes" is true, the session
 * ends, because the next octets cannot be read as commands: they are a chunk of
 * unknown size, or another protocol. */
static const struct {
	enum mailin_reply reply;
	bool closes;
} errors[] = {
	[LINE_TOO_LONG] = { MAILIN_REPLY_LINE_TOO_LONG, false },
	[LINE_AUTH_TOO_LONG] = { MAILIN_REPLY_AUTH_TOO_LONG, false },
	[LINE_BAD_BDAT] = { MAILIN_REPLY_BAD_ARGUMENT, true },
	[LINE_NO_MEMORY] = { MAILIN_REPLY_OUT_OF_MEMORY, false },
	[LINE_BARE_LF] = { MAILIN_REPLY_BAD_LINE, true },
	[LINE_FOREIGN] = { MAILIN_REPLY_NOT_SMTP, true },
};

/* Prepare for the reply to a line that could not be read.  Forget the last
 * command, because the reply is not about it. */
static void
note_unread(struct mailin_session *session)
{
	session->cause = MAILIN_OUTCOME_COMMAND;
	session->command_line = (struct mailin_span){ NULL, 0 };
	if (session->state != STATE_AUTH)
		session->verb = MAILIN_VERB_UNKNOWN;
}

/* A line has ended: run it, or send the reply to its error. */
static void
take_line(struct mailin_session *session, struct mailin_span line,
    enum mailin_line_result result)
{
	session->progress++;
	session->no_enhanced = false;
	session->must_wait = false;
	if (result != LINE_WHOLE) {
		note_unread(session);
		trace_given_up(session, line, result);
		if (errors[result].closes)
			mailin_session_reply_close(session,
			    errors[result].reply, MAILIN_CLOSE_PROTOCOL);
		else
			line_error(session, errors[result].reply);
	} else if (session->state == STATE_AUTH) {
		mailin_session_auth_response(session, line);
	} else {
		mailin_session_run_line(session, line);
	}
}

size_t
mailin_session_line_read(struct mailin_session *session, const char *octets,
    size_t len)
{
	const struct mailin_line_rules rules = {
		.limit = (size_t)session_limit(session,
		    MAILIN_LIMIT_COMMAND_LINE),
		.auth_limit = (size_t)session_limit(session,
		    MAILIN_LIMIT_AUTH_LINE),
		.is_response = session->state == STATE_AUTH,
	};
	enum mailin_line_result result;
	struct mailin_span line;
	size_t used = mailin_line_read(&session->line,
	    session_allocator(session), &rules, octets, len, &line, &result);

	if (result != LINE_PARTIAL)
		take_line(session, line, result);
	if (result != LINE_PARTIAL && result != LINE_WHOLE)
		mailin_line_wipe(&session->line);
	return used;
}
