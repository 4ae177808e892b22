/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/step.h"

/* The program was compiled when the struct had fewer callbacks.  Copy its
 * handler; the callbacks that it lacks are NULL. */
static const struct mailin_handler *
complete(struct mailin_handler *whole, const struct mailin_handler *handler)
{
	size_t first = offsetof(struct mailin_handler, connect);
	size_t each = sizeof handler->connect;

	memset(whole, 0, sizeof *whole);
	memcpy(whole, handler, first + (handler->size - first) / each * each);
	return whole;
}

struct mailin_session *
mailin_session_new(const struct mailin_config *config,
    const struct mailin_handler *handler, void *user)
{
	struct mailin_session *session;
	bool is_short;

	assert(mailin_session_tables_are_whole());
	if (config == NULL || handler == NULL ||
	    handler->size < sizeof handler->size)
		return NULL;
	is_short = handler->size < sizeof *handler;
	session = mailin_alloc_clear(&config->allocator,
	    sizeof *session + (is_short ? sizeof *handler : 0),
	    sizeof *session);
	if (session == NULL)
		return NULL;
	session->config = config;
	session->handler = is_short ? complete((void *)(session + 1), handler) :
				      handler;
	session->user = user;
	session->extensions = config->extensions;
	session->state = STATE_NEW;
	session->no_enhanced = true;
	session->offered = config->offered;
	session->checks = config->checks;
	mailin_session_no_blocks(session);
	mailin_queue_init(&session->queue);
	return session;
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

/* Is there a transaction, which a shutdown must let end? */
static bool
in_transaction(const struct mailin_session *session)
{
	return session->mail->envelope.mail_len != 0 || session->in_chunk;
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

void
mailin_session_leave(struct mailin_session *session)
{
	session_run_due(session);
	mailin_session_end_call(session);
}

static void
connect_decided(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	int code = session_code(reply, session->custom);

	session_advance(session, EVENT_CONNECT, yes);
	/* RFC 5321 3.1: a server that cannot serve now says 421. */
	if (reply == MAILIN_REPLY_OUT_OF_MEMORY)
		reply = MAILIN_REPLY_NO_RESOURCES;
	else if (code / 100 == 4 && code != 421)
		reply = MAILIN_REPLY_NO_SERVICE;
	if (yes)
		mailin_session_send_greeting(session, reply, true);
	else
		mailin_session_send(session, reply);
}

static enum mailin_reply
ask_connect(struct mailin_session *session, const void *subject)
{
	(void)subject;
	return session->handler->connect(session, session->user);
}

const struct mailin_decision mailin_decide_connect = {
	DECISION(connect, GREETING, GREETING, 220),
	.ask = ask_connect,
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

enum mailin_want
mailin_session_want(const struct mailin_session *session)
{
	if (session->state == STATE_CLOSED)
		return MAILIN_WANT_CLOSE;
	if (session->waiting)
		return MAILIN_WANT_DECISION;
	if (session_expects_tls(session))
		return MAILIN_WANT_TLS;
	if (session->decision == &mailin_decide_data_end || session->starved ||
	    !session_has_room(session))
		return MAILIN_WANT_OUTPUT;
	return MAILIN_WANT_INPUT;
}

struct mailin_span
mailin_session_output(struct mailin_session *session)
{
	struct mailin_span none = { NULL, 0 };

	if (session->calling)
		return none;
	if (session->state == STATE_NEW)
		mailin_session_open(session);
	if (session->freeing) {
		destroy(session);
		return none;
	}
	return session->mute ? none : mailin_queue_show(&session->queue);
}

enum mailin_error
mailin_session_sent(struct mailin_session *session, size_t len)
{
	bool used = session->transactions > 0;

	if (session->calling)
		return MAILIN_ERROR_BUSY;
	if (!mailin_queue_sent(&session->queue, session_allocator(session), len,
		used))
		return MAILIN_ERROR_RANGE;
	session->progress += len > 0;
	session->starved = false;
	/* Before its first message, a session that has sent everything keeps no
	 * buffer for lines. */
	if (!used && session->line.carry.len == 0)
		mailin_line_free(&session->line, session_allocator(session));
	mailin_session_leave(session);
	return MAILIN_OK;
}

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
