/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_MESSAGE_H
#define MAILIN_SRC_SESSION_MESSAGE_H

#include "session/decide.h"

/* The octets of a message, and its end. */

/* ---- message_end.c: the end of a message, and its replies ---- */

/* Returns the number of replies to a message: one, or in LMTP one for each
 * recipient (RFC 2033 4.2). */
static inline size_t
session_message_replies(const struct mailin_session *session)
{
	return session_is_lmtp(session) ? session->transaction->envelope.count :
					  1;
}

/* The message is complete: ask the handler whether to accept it.  In LMTP, ask
 * for each recipient.  Do not ask if the message is already refused. */
void mailin_session_message_end(struct mailin_session *session);
/* Set the verdict of a decision that was PENDING. */
enum mailin_error mailin_session_message_resume(struct mailin_session *session,
    uint64_t token, enum mailin_reply reply);
/* Send the next reply if its verdict is known and there is room.  The last
 * reply ends the transaction.  Returns false if no reply could be sent. */
bool mailin_session_message_reply(struct mailin_session *session);

static inline bool
session_message_is_refused(const struct mailin_session *session)
{
	return session->transaction->refusal.reply != MAILIN_REPLY_OK;
}

/* ---- message.c: DATA, BDAT and BURL ---- */

/* Begin the chunk of a BDAT line.  The octets of the chunk are always read.  If
 * error is not OK, the chunk is dropped, and error is the reply after it. */
void mailin_session_chunk_start(struct mailin_session *session,
    const struct mailin_chunk *chunk, enum mailin_reply error);
/* Begin the chunk of BURL.  The handler fetches its octets. */
void mailin_session_burl_start(struct mailin_session *session,
    const struct mailin_command *command);
size_t mailin_session_message_read(struct mailin_session *session,
    const char *octets, size_t len);
/* Do the next step at the end of a message or chunk, such as calling the
 * callback "data_end".  Call this only if session_message_is_due() returns
 * true.  Returns false if the step must wait. */
bool mailin_session_message_continue(struct mailin_session *session);

/* Is there a step of a message or chunk that mailin_session_message_continue()
 * must do?  The step may have to wait for a decision, for room or for
 * memory. */
static inline bool
session_message_is_due(const struct mailin_session *session)
{
	const struct mailin_transaction *mail = session->transaction;

	if (session->decision != NULL)
		return session->decision == &mailin_decide_data_end;
	if (session->in_chunk && session->chunk_left == 0)
		return true;
	return session_in_message(session) &&
	    (mail->body.state == BODY_ENDED ||
		((mail->body.refused || mail->over_size) &&
		    mail->refusal.reply == MAILIN_REPLY_OK));
}

/* A fast form of mailin_session_decide() for octets of a message.  The handler
 * must have the callback "data", command_line must be empty, and no reply may
 * be formatted.  The callback usually returns OK; then there is nothing to
 * carry out. */
static inline void
session_deliver(struct mailin_session *session, struct mailin_span octets)
{
	enum mailin_reply reply;

	session->decision = &mailin_decide_data;
	session_begin_asking(session);
	reply = session_end_asking(session,
	    session->handler->data(session, octets, session->user));
	if (reply == MAILIN_REPLY_OK)
		session->decision = NULL;
	else
		mailin_session_take_reply(session, reply);
}

#endif
