/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_STEP_H
#define MAILIN_SRC_SESSION_STEP_H

#include "session/message.h"

/* Open the session: greet the client.  The first call of mailin_session_feed()
 * or _output() does this. */
void mailin_session_open(struct mailin_session *session);

void mailin_session_carry_out(struct mailin_session *session);

/* Carry out verdicts, do the steps at the end of a message, and end the
 * session, until nothing of this is left to do. */
void mailin_session_run_all_due(struct mailin_session *session);

/* Call this after each step.  It carries out the verdict, and does everything
 * else that must follow.  It is inline, because most steps end with one verdict
 * and nothing else. */
static inline void
session_run_due(struct mailin_session *session)
{
	if (session->decided && !session->freeing)
		mailin_session_carry_out(session);
	if (session->ended || session->stopping || session->in_chunk ||
	    session->decided || session_message_is_due(session))
		mailin_session_run_all_due(session);
}

/* A public function that may have run a callback ends with a call of one of
 * these two functions, because the callback may have freed the session.
 * mailin_session_end_call() is enough if session_run_due() was called after
 * each step. */
void mailin_session_leave(struct mailin_session *session);
void mailin_session_end_call(struct mailin_session *session);

#endif
