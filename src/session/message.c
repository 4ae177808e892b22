/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/message.h"

/* The size of the buffer for mailin_body_gather(), and the shortest input for
 * which that function is used. */
#define GATHER_ROOM ((size_t)1536)
#define GATHER_FROM ((size_t)24)

static void
message_start(struct mailin_session *session, bool dots)
{
	enum mailin_bare_newline newline = session->transaction->binary ?
	    MAILIN_BARE_NEWLINE_PRESERVE :
	    (enum mailin_bare_newline)session_policy(session,
		MAILIN_POLICY_BARE_NEWLINE);

	mailin_body_start(&session->transaction->body, newline, dots,
	    session->config->vector);
	/* The line of BURL is still needed, for the decision on BURL. */
	if (!session->is_burl)
		session->command_line = (struct mailin_span){ NULL, 0 };
}

/* Refuse the message.  The reply is sent when the message ends. */
static void
refuse_message(struct mailin_session *session, enum mailin_reply reply)
{
	session_keep_reply(session, &session->transaction->refusal, reply);
	session_advance(session, EVENT_REFUSE, true);
	mailin_session_report_end(session, MAILIN_RESET_REFUSED);
}

/* Carry out the verdict on DATA, or on the first BDAT or BURL. */
static void
data_start_decided(struct mailin_session *session, bool yes,
    enum mailin_reply verdict)
{
	bool dots = session->verb == MAILIN_VERB_DATA;

	message_start(session, dots);
	session_advance(session, session_event(session->verb), yes);
	if (dots)
		mailin_session_send(session, verdict);
	else if (!yes)
		refuse_message(session, verdict);
}

static void
octets_decided(struct mailin_session *session, bool yes,
    enum mailin_reply verdict)
{
	if (!yes)
		refuse_message(session, verdict);
}

ASKS(data_start, (session, session->user))
ASKS(data, (session, *SUBJECT(span), session->user))
ASKS(burl, (session, &SUBJECT(command)->burl, session->user))

const struct mailin_decision mailin_decide_data_start = {
	DECISION(data_start, START_DATA, START_DATA, 354),
	.carry_out = data_start_decided,
};

const struct mailin_decision mailin_decide_data = {
	DECISION(data, INTERNAL_ERROR, DONE, 2),
	.carry_out = octets_decided,
};

const struct mailin_decision mailin_decide_burl = {
	DECISION(burl, INTERNAL_ERROR, DONE, 2),
	.carry_out = octets_decided,
};

/* The library has found an error of the client.  Count it, and refuse the
 * message. */
static void
refuse_error(struct mailin_session *session, enum mailin_reply reply)
{
	session_count(&session->errors);
	refuse_message(session, reply);
}

/* Count the dropped octets of a refused message or chunk. */
static void
discard(struct mailin_session *session, size_t len)
{
	uint64_t most = session_limit(session, MAILIN_LIMIT_DISCARDED);
	uint64_t size = session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE);

	if (most == 0)
		most = 2 * size > UINT64_C(64) << 20 ? 2 * size :
						       UINT64_C(64) << 20;
	session->discarded += len;
	if (session->discarded > most)
		mailin_session_reply_close(session,
		    MAILIN_REPLY_TOO_MANY_ERRORS, MAILIN_CLOSE_LIMIT);
}

/* Give octets to the handler, up to the size limit. */
static void
deliver(struct mailin_session *session, struct mailin_span out)
{
	uint64_t most = session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE);
	uint64_t *octets = &session->transaction->body.facts.octets;

	if (most != 0 && *octets > most) {
		session->transaction->over_size = true;
		out.len -= (size_t)(*octets - most);
		*octets = most;
	}
	if (out.len == 0)
		return;
	if (session->custom != NULL)
		mailin_session_drop_custom(session);
	if (session->handler->data == NULL || session->command_line.len > 0)
		mailin_session_decide(session, &mailin_decide_data, &out);
	else
		session_deliver(session, out);
}

static void
end_message(struct mailin_session *session)
{
	session->must_wait = false;
	session->in_chunk = false;
	session->command_line = (struct mailin_span){ NULL, 0 };
	if (!session_close_if_over(session, MAILIN_LIMIT_ERRORS,
		session->errors))
		mailin_session_message_end(session);
}

/* The chunk is complete.  If the body still holds back a CR, deliver this CR.
 * Returns true if there was a CR to deliver, or if the message is refused
 * because of it. */
static bool
release_held(struct mailin_session *session)
{
	struct mailin_span held;

	mailin_body_finish(&session->transaction->body, &held);
	deliver(session, held);
	return held.len > 0 || session->transaction->body.refused;
}

/* RFC 4468 3: ask the handler for the octets of the URI in BURL. */
static RARE void
fetch(struct mailin_session *session)
{
	struct mailin_command command;

	session->is_burl = false;
	mailin_command_parse_as(&command, session_syntax(session),
	    session->command_line.ptr, session->command_line.len);
	mailin_session_decide(session, &mailin_decide_burl, &command);
}

static RARE void
end_chunk(struct mailin_session *session)
{
	enum mailin_reply error = session->chunk_error;

	/* A CR at the end of the last chunk, or before the octets of BURL,
	 * cannot get its LF any more. */
	if ((session->last_chunk || session->is_burl) &&
	    !session_message_is_refused(session) && error == MAILIN_REPLY_OK &&
	    release_held(session))
		return;
	if (session->is_burl && !session_message_is_refused(session)) {
		fetch(session);
		return;
	}
	session->is_burl = false;
	session->in_chunk = false;
	session->chunk_error = MAILIN_REPLY_OK;
	if (error != MAILIN_REPLY_OK) {
		session->discarded = 0;
		mailin_session_send_error(session, error);
	} else if (session->last_chunk) {
		end_message(session);
	} else if (session_message_is_refused(session)) {
		if (!session_close_if_over(session, MAILIN_LIMIT_ERRORS,
			session->errors))
			mailin_session_send_custom(session,
			    session->transaction->refusal.reply,
			    session->transaction->refusal.custom);
	} else {
		mailin_session_send(session, MAILIN_REPLY_DONE);
	}
}

/* Skip octets of a refused message, up to its end.  Returns how many were
 * skipped. */
static size_t
read_refused(struct mailin_session *session, const char *octets, size_t len)
{
	return session->in_chunk ?
	    len :
	    mailin_body_skip(&session->transaction->body, octets, len);
}

/* Returns how many of the len octets to read now: at most up to the first octet
 * over the size limit.  The octets after it are dropped and counted.  So the
 * result does not depend on the pieces in which the message arrives. */
static size_t
up_to_limit(const struct mailin_session *session, size_t len)
{
	uint64_t most = session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE);
	uint64_t octets = session->transaction->body.facts.octets;

	return most != 0 && len > most - octets ? (size_t)(most - octets) + 1 :
						  len;
}

/* Returns how many octets may be gathered.  Returns 0 if the size limit is
 * near, or if there is no memory; then the handler gets each piece by
 * itself. */
static size_t
gather_room(struct mailin_session *session)
{
	struct mailin_transaction *mail = session->transaction;
	uint64_t most = session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE);
	uint64_t left = most - mail->body.facts.octets;

	if (most != 0 && left < MAILIN_TEXT_ROOM)
		return 0;
	if (mail->gather == NULL)
		mail->gather = mailin_alloc(session_allocator(session),
		    GATHER_ROOM);
	if (mail->gather == NULL) {
		mail->body.pieces = 0;
		return 0;
	}
	return most != 0 && left < GATHER_ROOM ? (size_t)left : GATHER_ROOM;
}

/* Read octets of a message that is not refused.  Dense text (body.h) is
 * gathered, unless only a few octets have come. */
static inline size_t
read_octets(struct mailin_session *session, const char *octets, size_t len,
    struct mailin_span *out)
{
	struct mailin_body *body = &session->transaction->body;
	size_t room;

	if (mailin_body_is_dense(body) && len >= GATHER_FROM) {
		room = gather_room(session);
		if (room > 0)
			return mailin_body_gather(body, octets, len,
			    session->transaction->gather, room, out);
	}
	return mailin_body_read(body, octets, len, out);
}

size_t
mailin_session_message_read(struct mailin_session *session, const char *octets,
    size_t len)
{
	bool refused = session_message_is_refused(session) ||
	    session->chunk_error != MAILIN_REPLY_OK;
	struct mailin_span out;
	size_t used;

	if (session->in_chunk && len > session->chunk_left)
		len = (size_t)session->chunk_left;
	if (!refused)
		len = up_to_limit(session, len);
	used = refused ? read_refused(session, octets, len) :
			 read_octets(session, octets, len, &out);
	session->message_octets += used;
	if (session->in_chunk)
		session->chunk_left -= used;
	if (refused)
		discard(session, used);
	else
		deliver(session, out);
	return used;
}

void
mailin_session_chunk_start(struct mailin_session *session,
    const struct mailin_chunk *chunk, enum mailin_reply error)
{
	session->in_chunk = true;
	session->is_burl = false;
	session->chunk_left = chunk->size;
	session->last_chunk = chunk->last;
	session->chunk_error = error;
	if (error == MAILIN_REPLY_OK && session->state == STATE_RCPT)
		mailin_session_decide(session, &mailin_decide_data_start, NULL);
	else
		session->command_line = (struct mailin_span){ NULL, 0 };
}

void
mailin_session_burl_start(struct mailin_session *session,
    const struct mailin_command *command)
{
	session->in_chunk = true;
	session->is_burl = true;
	session->chunk_left = 0;
	session->last_chunk = command->burl.last;
	if (session->state == STATE_RCPT)
		mailin_session_decide(session, &mailin_decide_data_start, NULL);
}

/* Refuse the message, or end it, or end a chunk of it.  Call this only if
 * session_message_is_due() returns true, and the handler has not been asked yet
 * whether it accepts the whole message. */
static inline void
end_some(struct mailin_session *session)
{
	if (session->transaction->body.refused &&
	    !session_message_is_refused(session))
		refuse_error(session, MAILIN_REPLY_BARE_NEWLINE);
	else if (session->transaction->over_size &&
	    !session_message_is_refused(session))
		refuse_error(session, MAILIN_REPLY_TOO_BIG);
	else if (session->transaction->body.state == BODY_ENDED)
		end_message(session);
	else
		end_chunk(session);
}

bool
mailin_session_message_continue(struct mailin_session *session)
{
	if (session->decision == NULL) {
		end_some(session);
		if (session->decision != &mailin_decide_data_end ||
		    session->freeing)
			return true;
	}
	return mailin_session_message_reply(session);
}
