/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

/* Is a command allowed?  The table of states (rules.h) decides most cases. This
 * file decides those that depend on extensions and on the session's history. */

/* Does this server have the command, even if it is not allowed now? */
static bool
is_on(const struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_verb_row *row)
{
	if (verb == MAILIN_VERB_AUTH)
		return mailin_mechanisms_offered(session->config, true, true,
			   true) != 0;
	/* Inside TLS the reply to STARTTLS is 503 (out of order), not 502. */
	if (verb == MAILIN_VERB_STARTTLS && session->tls != NULL)
		return true;
	return (session->offered & row->offer) != 0;
}

/* Returns the reply to a command that is not allowed in this state. */
static enum mailin_reply
out_of_order(const struct mailin_session *session, enum mailin_verb verb)
{
	/* The reply is 554, "no valid recipients" (RFC 5321 3.3).  In LMTP it
	 * is 503 (RFC 2033 4.2). */
	if ((verb == MAILIN_VERB_DATA || verb == MAILIN_VERB_BDAT ||
		verb == MAILIN_VERB_BURL) &&
	    session->state == STATE_MAIL &&
	    session->transaction->rcpt_refused && !session_is_lmtp(session))
		return MAILIN_REPLY_NO_RECIPIENTS;
	return MAILIN_REPLY_BAD_SEQUENCE;
}

/* Check the needs of a verb (NEEDS_ in rules.h). */
static enum mailin_reply
check_needs(const struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_verb_row *row)
{
	unsigned missing = row->needs & session->checks;
	bool off = (missing & NEEDS_OFFER) != 0 && !is_on(session, verb, row);

	if ((missing & (NEEDS_SMTP | NEEDS_LMTP)) != 0)
		return MAILIN_REPLY_WRONG_PROTOCOL;
	/* XCLIENT and XFORWARD were offered only to the proxy.  The client
	 * behind the proxy must not use them. */
	if (off && (session->proxy_facts->withdrawn & row->offer) != 0)
		return MAILIN_REPLY_NOT_ALLOWED;
	/* RFC 3207 4: 530 is the reply to every command, even to one that is
	 * not offered. */
	if ((missing & NEEDS_TLS) != 0)
		return MAILIN_REPLY_TLS_NEEDED;
	if ((missing & NEEDS_IDENTITY) != 0)
		return MAILIN_REPLY_AUTH_NEEDED;
	if (off)
		return MAILIN_REPLY_NOT_OFFERED;
	return MAILIN_REPLY_OK;
}

/* RELAXED accepts AUTH and STARTTLS after HELO, because cameras, printers and
 * two libraries send HELO before them.  RFC 4954 4 and RFC 3207 4.2 do not
 * forbid it. */
static bool
is_taken_after_helo(const struct mailin_session *session, enum mailin_verb verb)
{
	return session_syntax(session) == MAILIN_SYNTAX_RELAXED &&
	    (verb == MAILIN_VERB_AUTH || verb == MAILIN_VERB_STARTTLS);
}

/* Is the command refused because of what happened before in the session?  This
 * concerns ESMTP verbs after HELO, a second AUTH or STARTTLS, and DATA after
 * BODY=BINARYMIME. */
static bool
conflicts_with_history(const struct mailin_session *session,
    enum mailin_verb verb, const struct mailin_verb_row *row)
{
	/* RFC 3030 3: no DATA after BODY=BINARYMIME */
	if (verb == MAILIN_VERB_DATA)
		return session->transaction->binary;
	if ((row->needs & NEEDS_ESMTP) == 0)
		return false;
	if (session->helo_verb == MAILIN_VERB_HELO &&
	    !is_taken_after_helo(session, verb))
		return true;
	/* RFC 4954 4, RFC 3207 4.2: no second AUTH or STARTTLS */
	if (verb == MAILIN_VERB_AUTH)
		return session->identity != NULL;
	return verb == MAILIN_VERB_STARTTLS && session->tls != NULL;
}

/* Returns the reply to a line with a syntax error.  If AUTH needs TLS first,
 * the reply says so (RFC 4954 6), because without TLS the server would refuse
 * AUTH with any arguments. */
static enum mailin_reply
syntax_error(const struct mailin_session *session,
    const struct mailin_command *command)
{
	if (command->verb == MAILIN_VERB_AUTH &&
	    mailin_session_check_mechanism(session, command->auth.mechanism) ==
		MAILIN_REPLY_ENCRYPTION_NEEDED)
		return MAILIN_REPLY_ENCRYPTION_NEEDED;
	/* An unknown parameter is not an error here, because the functions that
	 * run MAIL and RCPT apply the policy to it. */
	return command->error == MAILIN_REPLY_BAD_PARAMETER ? MAILIN_REPLY_OK :
							      command->error;
}

enum mailin_reply
mailin_session_check(const struct mailin_session *session,
    const struct mailin_command *command, const struct mailin_verb_row *row)
{
	enum mailin_verb verb = command->verb;
	bool allowed = mailin_rule(session->state, session_event(verb)).yes !=
	    STATE_NONE;
	enum mailin_reply reply;

	if (command->error == MAILIN_REPLY_BAD_LINE)
		return MAILIN_REPLY_BAD_LINE;
	if (session->state == STATE_REFUSED && !allowed)
		return MAILIN_REPLY_BAD_SEQUENCE;
	reply = check_needs(session, verb, row);
	/* The handler decides on an unknown verb. */
	if (reply != MAILIN_REPLY_OK || verb == MAILIN_VERB_UNKNOWN)
		return reply;
	if (!allowed)
		return out_of_order(session, verb);
	if (conflicts_with_history(session, verb, row))
		return MAILIN_REPLY_BAD_SEQUENCE;
	return command->error == MAILIN_REPLY_OK ?
	    MAILIN_REPLY_OK :
	    syntax_error(session, command);
}
