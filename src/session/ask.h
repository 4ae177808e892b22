/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_ASK_H
#define MAILIN_SRC_SESSION_ASK_H

#include "session/calls.h"

/* How a callback that decides is called (decide.c), and the short way
 * for the octets of a message. */

/* Free the formatted reply if no answer has used it. */
void mailin_session_drop_custom(struct mailin_session *session);

/* Call these two before and after a callback that decides.  The second returns
 * what was decided: the callback may have resumed the decision by itself. */
static inline void
session_begin_asking(struct mailin_session *session)
{
	session->token = ++session->last_token;
	session->answered = false;
	session->calling = session->asking = true;
}

static inline enum mailin_reply
session_end_asking(struct mailin_session *session, enum mailin_reply reply)
{
	session->calling = session->asking = false;
	if (session->answered) {
		session->answered = false;
		if (reply == MAILIN_REPLY_PENDING)
			reply = session->answer;
	}
	return reply;
}

/* Hand octets of a message to the data callback.  The handler must have that
 * callback, no line is to be kept, and no reply is formatted.  The usual answer
 * is OK, and then there is nothing to carry out. */
static inline void
session_hand_on(struct mailin_session *session, struct mailin_span octets)
{
	enum mailin_reply reply;

	session->decision = DECIDE_DATA;
	session_begin_asking(session);
	reply = session_end_asking(session,
	    session->handler->data(session, octets, session->user));
	if (reply == MAILIN_REPLY_OK)
		session->decision = DECIDE_NOTHING;
	else
		mailin_session_take_answer(session, reply);
}

#endif
