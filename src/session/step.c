/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/step.h"

/* A step is the work of mailin_session_feed() on one line or on some octets of
 * a message, or the opening of the session.  This file does the work after a
 * step (see "due" in calls.h): it carries out the verdict, takes the steps at
 * the end of a message, and closes the session if that is due.  It also does
 * the last work of each public call: mailin_session_end_call(). */

/* ---- The first step: open the session ---- */

static void
connect_decided(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	int code = session_code(reply, session->custom);

	session_advance(session, EVENT_CONNECT, yes);
	/* RFC 5321 3.1: 421 is the reply of a server that cannot serve now. */
	if (reply == MAILIN_REPLY_OUT_OF_MEMORY)
		reply = MAILIN_REPLY_NO_RESOURCES;
	else if (code / 100 == 4 && code != 421)
		reply = MAILIN_REPLY_NO_SERVICE;
	if (yes)
		mailin_session_send_greeting(session, reply, true);
	else
		mailin_session_send(session, reply);
}

ASKS(connect, (session, session->user))

const struct mailin_decision mailin_decide_connect = {
	DECISION(connect, GREETING, GREETING, 220),
	.carry_out = connect_decided,
};

void
mailin_session_open(struct mailin_session *session)
{
	if (session->state != STATE_NEW ||
	    session->decision == &mailin_decide_connect)
		return;
	session->must_wait = true;
	mailin_session_decide(session, &mailin_decide_connect, NULL);
	session_run_due(session);
}

/* ---- After a step ---- */

void
mailin_session_carry_out(struct mailin_session *session)
{
	const struct mailin_decision *decision = session->decision;
	enum mailin_reply verdict = session->verdict;

	session->decided = false;
	session->decision = NULL;
	if (decision->carry_out != NULL)
		decision->carry_out(session,
		    session_code(verdict, session->custom) < 400, verdict);
	else
		mailin_session_send(session, MAILIN_REPLY_INTERNAL_ERROR);
}

/* Is there a transaction?  mailin_session_shutdown() waits for its end. */
static bool
in_transaction(const struct mailin_session *session)
{
	return envelope_has_sender(&session->transaction->envelope) ||
	    session->in_chunk;
}

void
mailin_session_run_all_due(struct mailin_session *session)
{
	while (!session->freeing) {
		if (session->decided)
			mailin_session_carry_out(session);
		else if (!session_message_is_due(session) ||
		    !mailin_session_message_continue(session))
			break;
	}
	if ((!session->ended && !session->stopping) || session->freeing ||
	    session->state == STATE_CLOSED || session->decision != NULL)
		return;
	if (session->ended)
		mailin_session_close(session, MAILIN_CLOSE_EOF);
	else if (!in_transaction(session))
		mailin_session_reply_close(session, MAILIN_REPLY_SHUTDOWN,
		    MAILIN_CLOSE_SHUTDOWN);
}

static void
destroy(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	mailin_session_close(session, MAILIN_CLOSE_ABORT);
	mailin_session_free_blocks(session);
	mailin_queue_free(&session->queue, allocator);
	mailin_line_free(&session->line, allocator);
	mailin_free(allocator, session->custom);
	mailin_session_free_name(session, session->candidate);
	mailin_session_free_name(session, session->helo_name);
	mailin_free(allocator, session->identity);
	mailin_free(allocator, session->peer);
	mailin_free(allocator, session->tls);
	mailin_free(allocator, session);
}

void
mailin_session_free(struct mailin_session *session)
{
	if (session == NULL)
		return;
	if (session->calling)
		session->freeing = true;
	else
		destroy(session);
}

void
mailin_session_end_call(struct mailin_session *session)
{
	if (session->decision == NULL)
		session->command_line = (struct mailin_span){ NULL, 0 };
	if (session->freeing)
		destroy(session);
}

void
mailin_session_leave(struct mailin_session *session)
{
	session_run_due(session);
	mailin_session_end_call(session);
}

/* ---- Resume a decision ---- */

static enum mailin_error
resume_callback(struct mailin_session *session, uint64_t token,
    enum mailin_reply reply)
{
	if (!session->asking || token != session->token)
		return MAILIN_ERROR_BUSY;
	if (session->decided)
		return MAILIN_ERROR_STALE;
	if (session_is_unformatted(session, reply))
		return MAILIN_ERROR_ARGUMENT;
	session->decided = true;
	session->verdict = reply;
	return MAILIN_OK;
}

enum mailin_error
mailin_session_resume(struct mailin_session *session, uint64_t token,
    enum mailin_reply reply)
{
	enum mailin_error error = MAILIN_OK;

	if (reply == MAILIN_REPLY_PENDING ||
	    (unsigned)reply >= MAILIN_REPLY_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	if (session->calling)
		return resume_callback(session, token, reply);
	if (!session->waiting)
		return MAILIN_ERROR_STALE;
	if (session->decision == &mailin_decide_data_end)
		error = mailin_session_message_resume(session, token, reply);
	else if (token != session->token)
		error = MAILIN_ERROR_STALE;
	else if (session_is_unformatted(session, reply))
		error = MAILIN_ERROR_ARGUMENT;
	else
		mailin_session_take_reply(session, reply);
	mailin_session_leave(session);
	return error;
}
