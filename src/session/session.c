/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/step.h"
#include "session/tables.h"

/* The program was compiled with an older struct, which has fewer callbacks.
 * Copy its handler to memory that is all 0, so that the callbacks which it
 * lacks are NULL. */
static const struct mailin_handler *
complete(struct mailin_handler *whole, const struct mailin_handler *handler)
{
	size_t first = offsetof(struct mailin_handler, connect);
	size_t each = sizeof handler->connect;

	memcpy(whole, handler, first + (handler->size - first) / each * each);
	return whole;
}

struct mailin_session *
mailin_session_new(const struct mailin_config *config,
    const struct mailin_handler *handler, void *user)
{
	struct mailin_session *session;
	bool is_short;

	assert(mailin_tables_are_whole());
	if (config == NULL || handler == NULL ||
	    handler->size < sizeof handler->size)
		return NULL;
	is_short = handler->size < sizeof *handler;
	session = mailin_alloc_clear(&config->allocator,
	    sizeof *session + (is_short ? sizeof *handler : 0));
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
		mailin_session_end_call(session);
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
	/* A session that has had no transaction is often idle for long.  So
	 * free its buffer for lines, if the buffer is empty. */
	if (!used && session->line.carry.len == 0)
		mailin_line_free(&session->line, session_allocator(session));
	mailin_session_leave(session);
	return MAILIN_OK;
}
