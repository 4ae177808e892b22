/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_STEP_H
#define MAILIN_SRC_SESSION_STEP_H

#include "session/message.h"

/* Called by the first feed or output: greet the client. */
void mailin_session_open(struct mailin_session *session);

/* Carry out session->verdict. */
void mailin_session_carry_out(struct mailin_session *session);

/* Go on until nothing more can be done now: verdicts, steps of the message, the
 * end of the session. */
void mailin_session_run_all_due(struct mailin_session *session);

/* Call this after each step: it carries out the verdict, and what must follow.
 * Inline, because most steps end with one verdict and nothing else. */
static inline void
session_run_due(struct mailin_session *session)
{
	if (session->decided && !session->freeing)
		mailin_session_carry_out(session);
	if (session->ended || session->stopping || session->in_chunk ||
	    session->decided || session_message_is_due(session))
		mailin_session_run_all_due(session);
}

/* The last call of each public function that may have run a callback, since
 * that callback may have freed the session.  The second is for functions that
 * have already called session_run_due() after each step. */
void mailin_session_leave(struct mailin_session *session);
void mailin_session_end_call(struct mailin_session *session);

#endif
