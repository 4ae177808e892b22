/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_DECIDE_H
#define MAILIN_SRC_SESSION_DECIDE_H

#include "session/calls.h"

/*
 * A row that describes a decision.  A decision is something that the handler
 * decides, such as whether to accept a recipient.  The row is in the file that
 * carries out the decision.  session->decision points to the row of the open
 * decision.  If a row lacks a member, the client is refused with
 * INTERNAL_ERROR: nothing is accepted by mistake, and no NULL is called.
 */
struct mailin_decision {
	uint16_t callback; /* offset in struct mailin_handler */
	uint8_t fallback;  /* the reply if there is no callback */
	uint8_t ok; /* the reply that is sent if the callback returns OK */

	/*
	 * The positive replies that are accepted besides "ok".  The member
	 * "agrees" is a digit or a code.  If it is a digit, custom replies of
	 * this class are accepted.  If it is a code, only custom replies with
	 * this code are accepted, because some decisions allow no other (RFC
	 * 5321 3.1 and 4.1.1.4, RFC 3207 4).  The member "also" has two
	 * standard replies (mailin/reply.h).  If class 2 is accepted, DONE is
	 * also accepted.
	 */
	uint16_t agrees;
	uint8_t also[2];
	bool challenges; /* a challenge (334) is also allowed */

	enum mailin_reply (
	    *ask)(struct mailin_session *session, const void *subject);
	/* Carry out the verdict.  yes is true if its code is below 400. */
	void (*carry_out)(struct mailin_session *session, bool yes,
	    enum mailin_reply verdict);
};

/* Define the function ask_NAME(), which calls the callback "name" with these
 * arguments.  An argument may be SUBJECT(command), which is the subject as a
 * pointer to a struct mailin_command. */
#define ASKS(name, arguments) \
	static enum mailin_reply ask_##name(struct mailin_session *session, \
	    const void *subject) \
	{ \
		(void)subject; \
		return session->handler->name arguments; \
	}

#define SUBJECT(type) ((const struct mailin_##type *)subject)

/* Set the members of a decision's row, except carry_out, "also" and
 * "challenges". */
#define DECISION(name, without, with_ok, replies) \
	.callback = (uint16_t)offsetof(struct mailin_handler, name), \
	.fallback = MAILIN_REPLY_##without, .ok = MAILIN_REPLY_##with_ok, \
	.agrees = (replies), .ask = ask_##name

/* The rows that other files need. */
extern const struct mailin_decision mailin_decide_auth, mailin_decide_burl,
    mailin_decide_connect, mailin_decide_data, mailin_decide_data_end,
    mailin_decide_data_start, mailin_decide_helo, mailin_decide_mail,
    mailin_decide_parameter, mailin_decide_rcpt, mailin_decide_sasl,
    mailin_decide_starttls, mailin_decide_xclient;

/* Ask the handler.  session_run_due() carries out the verdict.  "subject" is
 * the argument of decision->ask. */
void mailin_session_decide(struct mailin_session *session,
    const struct mailin_decision *decision, const void *subject);
/* Ask the handler about session->decision, and return its reply unchecked. */
enum mailin_reply mailin_session_ask(struct mailin_session *session,
    const void *subject);
/* Check a reply that the handler gave.  Returns the reply to send: the same
 * reply, or another one if the handler made an error. */
enum mailin_reply mailin_session_check_reply(
    const struct mailin_session *session, enum mailin_reply reply);
/* Process the reply that a callback returned, or that the program passed to
 * mailin_session_resume(). */
void mailin_session_take_reply(struct mailin_session *session,
    enum mailin_reply reply);
/* A carry_out function that only sends the reply. */
void mailin_session_only_send(struct mailin_session *session, bool yes,
    enum mailin_reply verdict);
/* Free the formatted reply.  Call this if no verdict has used it. */
void mailin_session_drop_custom(struct mailin_session *session);

/* Call session_begin_asking() before a callback that decides, and
 * session_end_asking() after it.  The second returns the reply, which the
 * callback may have given by calling mailin_session_resume(). */
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
