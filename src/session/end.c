/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/step.h"

/* The calls by which the program ends a session, and the timeout. */

enum mailin_error
mailin_session_eof(struct mailin_session *session)
{
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	session->ended = true;
	mailin_session_leave(session);
	return MAILIN_OK;
}

enum mailin_error
mailin_session_abort(struct mailin_session *session,
    enum mailin_close_reason reason)
{
	if (reason != MAILIN_CLOSE_ABORT && reason != MAILIN_CLOSE_TLS)
		return MAILIN_ERROR_ARGUMENT;
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (reason == MAILIN_CLOSE_TLS && !session_expects_tls(session))
		return MAILIN_ERROR_STATE;
	session->mute = true;
	mailin_session_close(session, reason);
	mailin_session_leave(session);
	return MAILIN_OK;
}

enum mailin_error
mailin_session_timed_out(struct mailin_session *session)
{
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (session->decision != NULL)
		return MAILIN_ERROR_STATE;
	if (session->state != STATE_CLOSED)
		mailin_session_reply_close(session, MAILIN_REPLY_TIMED_OUT,
		    MAILIN_CLOSE_TIMEOUT);
	mailin_session_leave(session);
	return MAILIN_OK;
}

enum mailin_error
mailin_session_shutdown(struct mailin_session *session)
{
	if (session->calling)
		return MAILIN_ERROR_BUSY;
	session->stopping = true;
	mailin_session_leave(session);
	return MAILIN_OK;
}

unsigned
mailin_session_timeout(const struct mailin_session *session)
{
	enum mailin_limit limit = MAILIN_LIMIT_TIMEOUT_INPUT;

	if (session->waiting)
		return 0;
	if (session_expects_proxy(session))
		limit = MAILIN_LIMIT_TIMEOUT_PROXY;
	else if (mailin_queue_len(&session->queue) > 0)
		limit = MAILIN_LIMIT_TIMEOUT_OUTPUT;
	return (unsigned)session_limit(session, limit);
}

uint64_t
mailin_session_progress(const struct mailin_session *session)
{
	return session->progress + (session->message_octets >> 12);
}
