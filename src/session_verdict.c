/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session_calls.h"

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
		session_send_greeting(session, reply);
	else
		session_send(session, reply);
}

void
session_verdict(struct mailin_session *session)
{
	enum mailin_decision decision = session->decision;
	enum mailin_reply reply = session_take_answer(session);
	bool yes = session_code(reply, session->custom) < 400;

	switch (decision) {
	case DECIDE_CONNECT:
		connect_verdict(session, yes, reply);
		break;
	case DECIDE_HELO:
		session_helo_verdict(session, yes, reply);
		break;
	case DECIDE_STARTTLS:
		session_starttls_verdict(session, yes, reply);
		break;
	case DECIDE_AUTH:
	case DECIDE_SASL:
		session_auth_verdict(session, yes, reply);
		break;
	case DECIDE_MAIL:
		session_mail_verdict(session, yes, reply);
		break;
	case DECIDE_RCPT:
		session_rcpt_verdict(session, yes, reply);
		break;
	case DECIDE_DATA_START:
		session_message_verdict(session, yes, reply);
		break;
	case DECIDE_PARAMETER:
		session_parameter_verdict(session, yes, reply);
		break;
	case DECIDE_XCLIENT:
		session_xclient_verdict(session, yes, reply);
		break;
	case DECIDE_VERB:
		session_verb_verdict(session, yes, reply);
		break;
	case DECIDE_DATA:
	case DECIDE_BURL:
		if (!yes)
			session_message_refuse(session, reply);
		break;
	default:
		session_send(session, reply);
		break;
	}
}
