/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/step.h"

/*
 * Returns true if this command can run at once, without a search for the end of
 * its line.  len is what mailin_command_parse_as() returned: the length of the
 * line, or 0 if the line is not complete.  Most lines arrive whole and valid,
 * so their commands can run.  mailin_session_line_read() reads two other kinds
 * of valid lines: those that are too long, and those of AUTH, which has a limit
 * of its own.  The function tests len first: if len is 0, command is not set,
 * and len - 2 is a huge number.
 */
static bool
is_command(const struct mailin_session *session,
    const struct mailin_command *command, size_t len)
{
	return len - 2 <= session_limit(session, MAILIN_LIMIT_COMMAND_LINE) &&
	    command->error == MAILIN_REPLY_OK &&
	    command->verb != MAILIN_VERB_AUTH;
}

/* Read a line or a part of a line.  Returns the octets read. */
ALWAYS_INLINE size_t
read_line(struct mailin_session *session, const char *octets, size_t len)
{
	struct mailin_command command;
	struct mailin_span line;
	size_t used;

	if (session->state == STATE_AUTH || !mailin_line_is_new(&session->line))
		return mailin_session_line_read(session, octets, len);
	used = mailin_command_parse_as(&command, session_syntax(session),
	    octets, len);
	if (!is_command(session, &command, used))
		return mailin_session_line_read(session, octets, len);
	session->progress++;
	line = (struct mailin_span){ octets, used };
	if (session->handler->trace != NULL)
		mailin_session_trace_line(session, line);
	mailin_session_run_command(session, &command, line);
	return used;
}

/* Must the client still wait for a reply?  Returns false if the policy allows
 * pipelining. */
static bool
is_silence_due(const struct mailin_session *session)
{
	return session->queue.sent < session->wait_for;
}

_Static_assert(STATE_TLS_FIRST > STATE_TLS && STATE_CLOSED > STATE_TLS &&
	STATE_COUNT == STATE_TLS + 3,
    "no octet is read in STATE_TLS and the states after it");

/* May a step begin?  The queue must have room and memory for the replies of the
 * step. */
static bool
is_ready(struct mailin_session *session)
{
	/* A decision that is open here is PENDING, or its replies wait for
	 * room. */
	if (session->decision != NULL || session->state >= STATE_TLS ||
	    session->freeing || session->starved || is_silence_due(session) ||
	    !session_has_room(session))
		return false;
	session->starved = !session_reserve(session);
	return !session->starved;
}

/* Call this if the caller has octets that mailin_session_feed() does not read
 * now.  If the client had to wait for a reply, end the session; if the handler
 * must decide first, set session->early. */
static void
note_early(struct mailin_session *session)
{
	bool strict = session_policy(session, MAILIN_POLICY_PIPELINING) ==
	    MAILIN_PIPELINING_REJECT;

	if (session_awaits_handshake(session) || is_silence_due(session) ||
	    (strict && session->decision == &mailin_decide_connect)) {
		mailin_session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
	} else if (session->waiting) {
		session->early = true;
	}
}

/* Read a PROXY header if one is expected, then open the session.  Returns the
 * octets read. */
static size_t
open_with(struct mailin_session *session, const char *octets, size_t len)
{
	size_t used = 0;

	while (used < len && session_expects_proxy(session))
		used += mailin_session_proxy_read(session, octets + used,
		    len - used);
	mailin_session_open(session);
	return used;
}

static NOINLINE size_t
feed(struct mailin_session *session, const char *octets, size_t len)
{
	size_t used = 0;

	if (session->calling || session->ended || len == 0 || octets == NULL ||
	    session->state == STATE_CLOSED)
		return 0;
	if (session->state < STATE_START)
		used = open_with(session, octets, len);
	while (used < len && is_ready(session)) {
		const char *at = octets + used;

		if (session_in_message(session))
			used += mailin_session_message_read(session, at,
			    len - used);
		else
			used += read_line(session, at, len - used);
		session_run_due(session);
	}
	if (used < len && session->state != STATE_CLOSED)
		note_early(session);
	mailin_session_end_call(session);
	return used;
}

/*
 * Can len octets of a message go directly to the callback "data"?  They can if
 * no callback runs, no decision is open, no reply is queued or formatted, and
 * the message stays below the size limit.  If the limit is 0 (no limit), the
 * test of the size returns false for the first line of a message, because no
 * octets were counted yet and len is not less than 0; feed() then reads this
 * line.  For later lines the difference wraps around to a huge number.
 */
static inline bool
is_flowing(const struct mailin_session *session, size_t len)
{
	const struct mailin_transaction *mail = session->transaction;

	return session->state == STATE_DATA && !session->calling &&
	    session->decision == NULL &&
	    mailin_queue_len(&session->queue) == 0 && session->custom == NULL &&
	    session->handler->data != NULL &&
	    mail->refusal.reply == MAILIN_REPLY_OK &&
	    len < session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE) -
		mail->body.facts.octets;
}

static size_t
feed_line(struct mailin_session *session, const char *octets, size_t len)
{
	struct mailin_body *body = &session->transaction->body;

	if (!mailin_body_is_plain(body, octets, len))
		return feed(session, octets, len);
	body->facts.octets += len;
	session->message_octets += len;
	session_deliver(session, (struct mailin_span){ octets, len });
	if (session->decision != NULL || session->freeing) {
		session_run_due(session);
		mailin_session_end_call(session);
	}
	return len;
}

size_t
mailin_session_feed(struct mailin_session *session, const char *octets,
    size_t len)
{
	return is_flowing(session, len) &&
		mailin_body_is_line(&session->transaction->body, octets, len) ?
	    feed_line(session, octets, len) :
	    feed(session, octets, len);
}
