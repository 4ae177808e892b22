/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

/* Is a command allowed?  The rules (rules.h) say most of it.  The rest depends
 * on extensions and history. */

/* Does this server have the command at all?  It may still not be allowed
 * now. */
static bool
is_on(const struct mailin_session *session, enum mailin_event event)
{
	switch ((enum mailin_verb)event) {
	case MAILIN_VERB_BDAT:
		return session_offers(session, MAILIN_EXTENSION_CHUNKING);
	case MAILIN_VERB_EXPN:
		return session_offers(session, MAILIN_EXTENSION_EXPN);
	case MAILIN_VERB_ETRN:
		return session_offers(session, MAILIN_EXTENSION_ETRN);
	case MAILIN_VERB_STARTTLS:
		/* Inside TLS the reply is 503 (out of order), not 502. */
		return session->tls != NULL ||
		    session_offers(session, MAILIN_EXTENSION_STARTTLS);
	case MAILIN_VERB_BURL:
		return session_offers(session, MAILIN_EXTENSION_BURL);
	case MAILIN_VERB_XCLIENT:
		return session_offers(session, MAILIN_EXTENSION_XCLIENT);
	case MAILIN_VERB_XFORWARD:
		return session_offers(session, MAILIN_EXTENSION_XFORWARD);
	case MAILIN_VERB_AUTH:
		return mailin_config_has_auth(session->config);
	default:
		return true;
	}
}

/* XCLIENT and XFORWARD were offered to the proxy only; its client may not use
 * them. */
static bool
is_withdrawn(const struct mailin_session *session, enum mailin_event event)
{
	enum mailin_extension extension = event ==
		session_event(MAILIN_VERB_XCLIENT) ?
	    MAILIN_EXTENSION_XCLIENT :
	    event == session_event(MAILIN_VERB_XFORWARD) ?
	    MAILIN_EXTENSION_XFORWARD :
	    MAILIN_EXTENSION_COUNT;

	return (session->claims->withdrawn & MAILIN_BIT(extension)) != 0;
}

/* Returns the reply to a command that the table does not allow in this
 * state. */
static enum mailin_reply
out_of_order(const struct mailin_session *session, enum mailin_event event)
{
	/* RFC 5321 3.3: "no valid recipients".  In LMTP it is 503 (RFC 2033
	 * 4.2). */
	if ((event == session_event(MAILIN_VERB_DATA) ||
		event == session_event(MAILIN_VERB_BDAT) ||
		event == session_event(MAILIN_VERB_BURL)) &&
	    session->state == STATE_MAIL && session->mail->rcpt_refused &&
	    !session_is_lmtp(session))
		return MAILIN_REPLY_NO_RECIPIENTS;
	return MAILIN_REPLY_BAD_SEQUENCE;
}

/* Check the needs of a verb that do not depend on the state (rules.h). */
static enum mailin_reply
check_needs(const struct mailin_session *session, enum mailin_event event)
{
	unsigned missing = mailin_rule_needs(event) & session->checks;
	bool off = (missing & NEEDS_OFFER) != 0 && !is_on(session, event);

	if ((missing & (NEEDS_SMTP | NEEDS_LMTP)) != 0)
		return MAILIN_REPLY_WRONG_PROTOCOL;
	if (off && is_withdrawn(session, event))
		return MAILIN_REPLY_NOT_ALLOWED;
	/* RFC 3207 4: the 530 goes to every command, even one that is not
	 * offered. */
	if ((missing & NEEDS_TLS) != 0)
		return MAILIN_REPLY_TLS_NEEDED;
	if ((missing & NEEDS_IDENTITY) != 0)
		return MAILIN_REPLY_AUTH_NEEDED;
	if (off)
		return MAILIN_REPLY_NOT_OFFERED;
	return MAILIN_REPLY_OK;
}

/* RELAXED: cameras, printers and two libraries use AUTH or STARTTLS after HELO.
 * This breaks no requirement of RFC 4954 4 or RFC 3207 4.2. */
static bool
is_taken_after_helo(const struct mailin_session *session,
    enum mailin_event event)
{
	return session_syntax(session) == MAILIN_SYNTAX_RELAXED &&
	    (event == session_event(MAILIN_VERB_AUTH) ||
		event == session_event(MAILIN_VERB_STARTTLS));
}

/* Checks that depend on the session's history: ESMTP verbs after HELO, a second
 * AUTH or STARTTLS, DATA after BODY=BINARYMIME. */
static bool
is_repeated(const struct mailin_session *session, enum mailin_event event)
{
	/* RFC 3030 3: no DATA after BODY=BINARYMIME */
	if (event == session_event(MAILIN_VERB_DATA))
		return session->mail->binary;
	if ((mailin_rule_needs(event) & NEEDS_ESMTP) == 0)
		return false;
	if (session->greeting == MAILIN_VERB_HELO &&
	    !is_taken_after_helo(session, event))
		return true;
	/* RFC 4954 4, RFC 3207 4.2: no second AUTH or STARTTLS */
	if (event == session_event(MAILIN_VERB_AUTH))
		return session->identity != NULL;
	return event == session_event(MAILIN_VERB_STARTTLS) &&
	    session->tls != NULL;
}

/* Returns the reply to a line that breaks its grammar.  RFC 4954 6: if AUTH
 * needs TLS, say so first, since no arguments would be accepted in clear. */
static enum mailin_reply
syntax_error(const struct mailin_session *session,
    const struct mailin_command *command)
{
	if (command->verb == MAILIN_VERB_AUTH &&
	    mailin_session_check_mechanism(session, command->auth.mechanism) ==
		MAILIN_REPLY_ENCRYPTION_NEEDED)
		return MAILIN_REPLY_ENCRYPTION_NEEDED;
	/* MAIL and RCPT check parameters themselves, by policy. */
	return command->error == MAILIN_REPLY_BAD_PARAMETER ? MAILIN_REPLY_OK :
							      command->error;
}

enum mailin_reply
mailin_session_check(const struct mailin_session *session,
    const struct mailin_command *command)
{
	enum mailin_event event = session_event(command->verb);
	bool allowed = mailin_rule(session->state, event).yes != STATE_NONE;
	enum mailin_reply reply;

	if (command->error == MAILIN_REPLY_BAD_LINE)
		return MAILIN_REPLY_BAD_LINE;
	if (session->state == STATE_REFUSED && !allowed)
		return MAILIN_REPLY_BAD_SEQUENCE;
	reply = check_needs(session, event);
	/* An unknown verb is for the handler, which may know it. */
	if (reply != MAILIN_REPLY_OK || event == EVENT_UNKNOWN)
		return reply;
	if (!allowed)
		return out_of_order(session, event);
	if (is_repeated(session, event))
		return MAILIN_REPLY_BAD_SEQUENCE;
	return command->error == MAILIN_REPLY_OK ?
	    MAILIN_REPLY_OK :
	    syntax_error(session, command);
}
