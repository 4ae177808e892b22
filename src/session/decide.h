/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_DECIDE_H
#define MAILIN_SRC_SESSION_DECIDE_H

#include "session/calls.h"

/*
 * A decision: one thing that the handler decides.  Each decision is a row in
 * the file that carries it out, and session->decision points to the row of the
 * open one. A member that a row lacks is 0.  The client is then refused with
 * INTERNAL_ERROR: nothing is accepted by mistake, and no NULL is called.
 */
struct mailin_decision {
	uint16_t callback; /* offset in struct mailin_handler */
	uint8_t fallback;  /* enum mailin_reply if there is no callback */
	uint8_t ok;        /* enum mailin_reply that OK means */

	/* The positive replies, besides ok: custom ones with this code, or of
	 * this class if it is one digit (RFC 5321 3.1 and 4.1.1.4 and RFC 3207
	 * 4 allow one code only), and two standard ones (mailin/reply.h).  DONE
	 * says no more than 250, so it is one of them if class 2 is allowed. */
	uint16_t agrees;
	uint8_t also[2];
	bool challenges; /* a challenge (334) is allowed, too */

	/* Call the callback. */
	enum mailin_reply (
	    *ask)(struct mailin_session *session, const void *subject);
	/* Carry out the verdict.  yes: its code is below 400. */
	void (*carry_out)(struct mailin_session *session, bool yes,
	    enum mailin_reply verdict);
};

/* Define the ask function of a callback.  arguments are those of the call;
 * SUBJECT(command) in them is the subject as a struct mailin_command. */
#define ASKS(name, arguments) \
	static enum mailin_reply ask_##name(struct mailin_session *session, \
	    const void *subject) \
	{ \
		(void)subject; \
		return session->handler->name arguments; \
	}

#define SUBJECT(type) ((const struct mailin_##type *)subject)

/* The members of a row, without carry_out, also and challenges. */
#define DECISION(name, without, with_ok, replies) \
	.callback = (uint16_t)offsetof(struct mailin_handler, name), \
	.fallback = MAILIN_REPLY_##without, .ok = MAILIN_REPLY_##with_ok, \
	.agrees = (replies), .ask = ask_##name

/* Those that are not static in the file of the row. */
extern const struct mailin_decision mailin_decide_auth, mailin_decide_burl,
    mailin_decide_connect, mailin_decide_data, mailin_decide_data_end,
    mailin_decide_data_start, mailin_decide_helo, mailin_decide_mail,
    mailin_decide_parameter, mailin_decide_rcpt, mailin_decide_sasl,
    mailin_decide_starttls, mailin_decide_xclient;

/* Ask the handler, with a new token: session_run_due() carries out the verdict.
 * subject is what the row's ask function takes. */
void mailin_session_decide(struct mailin_session *session,
    const struct mailin_decision *decision, const void *subject);
/* Like mailin_session_decide(), in two steps: ask about session->decision, and
 * return the reply, which is not checked. */
enum mailin_reply mailin_session_ask(struct mailin_session *session,
    const void *subject);
/* Returns the reply to send for one that the handler gave. */
enum mailin_reply mailin_session_check_reply(
    const struct mailin_session *session, enum mailin_reply reply);
/* Take the reply that a callback returned, or that came after PENDING. */
void mailin_session_take_reply(struct mailin_session *session,
    enum mailin_reply reply);
/* A function for rows: send the reply, and do nothing else. */
void mailin_session_only_send(struct mailin_session *session, bool yes,
    enum mailin_reply verdict);
/* Free the formatted reply if no verdict has used it. */
void mailin_session_drop_custom(struct mailin_session *session);

/* Call these two before and after a callback that decides.  The second returns
 * what was decided: the callback may have resumed the decision by itself. */
static inline void
session_begin_asking(struct mailin_session *session)
{
	session->token = ++session->last_token;
	session->decided = false;
	session->calling = session->asking = true;
}

static inline enum mailin_reply
session_end_asking(struct mailin_session *session, enum mailin_reply reply)
{
	session->calling = session->asking = false;
	if (session->decided) {
		session->decided = false;
		if (reply == MAILIN_REPLY_PENDING)
			reply = session->verdict;
	}
	return reply;
}

#endif
