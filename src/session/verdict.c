/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

static void
connect_verdict(struct mailin_session *session, bool yes,
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
		mailin_session_send_greeting(session, reply);
	else
		mailin_session_send(session, reply);
}

/* Octets of a message, or BURL's name of some: the message goes on unless they
 * are refused. */
static void
octets_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	if (!yes)
		mailin_session_message_refuse(session, reply);
}

/* Send the reply; nothing else follows. */
static void
plain_verdict(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	(void)yes;
	mailin_session_send(session, reply);
}

/* clang-format off */
static void (*const verdicts[DECIDE_COUNT])(struct mailin_session *session,
    bool yes, enum mailin_reply reply) = {
	[DECIDE_CONNECT]    = connect_verdict,
	[DECIDE_HELO]       = mailin_session_helo_verdict,
	[DECIDE_STARTTLS]   = mailin_session_starttls_verdict,
	[DECIDE_AUTH]       = mailin_session_auth_verdict,
	[DECIDE_SASL]       = mailin_session_auth_verdict,
	[DECIDE_MAIL]       = mailin_session_mail_verdict,
	[DECIDE_RCPT]       = mailin_session_rcpt_verdict,
	[DECIDE_PARAMETER]  = mailin_session_parameter_verdict,
	[DECIDE_DATA_START] = mailin_session_message_verdict,
	[DECIDE_DATA]       = octets_verdict,
	[DECIDE_BURL]       = octets_verdict,
	/* DECIDE_DATA_END: see mailin_session_message_continue(). */
	[DECIDE_VRFY]       = plain_verdict,
	[DECIDE_EXPN]       = plain_verdict,
	[DECIDE_HELP]       = plain_verdict,
	[DECIDE_ETRN]       = plain_verdict,
	[DECIDE_XCLIENT]    = mailin_session_xclient_verdict,
	[DECIDE_VERB]       = mailin_session_verb_verdict,
};
/* clang-format on */

void
mailin_session_verdict(struct mailin_session *session)
{
	enum mailin_decision decision = session->decision;
	enum mailin_reply reply = session->answer;

	session->answered = false;
	session->decision = DECIDE_NOTHING;
	verdicts[decision](session, session_code(reply, session->custom) < 400,
	    reply);
}
