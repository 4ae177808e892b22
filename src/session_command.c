/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session_calls.h"

/* Is there such a command here?  (Not: may it be used now.) */
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
		/* Inside TLS it is out of order, not unknown. */
		return session->tls != NULL ||
		    session_offers(session, MAILIN_EXTENSION_STARTTLS);
	case MAILIN_VERB_BURL:
		return session_offers(session, MAILIN_EXTENSION_BURL);
	case MAILIN_VERB_XCLIENT:
		return session_offers(session, MAILIN_EXTENSION_XCLIENT);
	case MAILIN_VERB_XFORWARD:
		return session_offers(session, MAILIN_EXTENSION_XFORWARD);
	case MAILIN_VERB_AUTH:
		return session_has_auth(session);
	default:
		return true;
	}
}

/* A command that the table does not allow in this state. */
static enum mailin_reply
out_of_order(const struct mailin_session *session, enum mailin_event event)
{
	/* RFC 5321 3.3: "no valid recipients"; RFC 2033 4.2 wants the 503. */
	if ((event == session_event(MAILIN_VERB_DATA) ||
	    event == session_event(MAILIN_VERB_BDAT) ||
	    event == session_event(MAILIN_VERB_BURL)) &&
	    session->state == STATE_MAIL && session->mail->rcpt_refused &&
	    !session_is_lmtp(session))
		return MAILIN_REPLY_NO_RECIPIENTS;
	return MAILIN_REPLY_BAD_SEQUENCE;
}

/* What a verb needs that the state does not know of (rules.h). */
static enum mailin_reply
check_needs(const struct mailin_session *session, enum mailin_event event)
{
	uint8_t needs = mailin_rule_needs(event);
	bool lmtp = session_is_lmtp(session);

	if ((needs & (lmtp ? NEEDS_SMTP : NEEDS_LMTP)) != 0)
		return MAILIN_REPLY_WRONG_PROTOCOL;
	if ((needs & NEEDS_OFFER) != 0 && !is_on(session, event))
		return MAILIN_REPLY_NOT_OFFERED;
	if ((needs & NEEDS_TLS) != 0 && session->tls == NULL &&
	    session_policy(session, MAILIN_POLICY_TLS) ==
	    MAILIN_TLS_REQUIRED)
		return MAILIN_REPLY_TLS_NEEDED;
	if ((needs & NEEDS_IDENTITY) != 0 && session->identity == NULL &&
	    session_policy(session, MAILIN_POLICY_AUTH) ==
	    MAILIN_AUTH_REQUIRED)
		return MAILIN_REPLY_AUTH_NEEDED;
	return MAILIN_REPLY_OK;
}

/* Things that may be done once, or not after others, in one session. */
static bool
is_repeated(const struct mailin_session *session, enum mailin_event event)
{
	/* RFC 3030 3 */
	if (event == session_event(MAILIN_VERB_DATA))
		return session->mail->binary;
	if ((mailin_rule_needs(event) & NEEDS_ESMTP) == 0)
		return false;
	if (session->greeting == MAILIN_VERB_HELO)
		return true;
	/* RFC 4954 4, RFC 3207 4.2 */
	if (event == session_event(MAILIN_VERB_AUTH))
		return session->identity != NULL;
	return event == session_event(MAILIN_VERB_STARTTLS) &&
	    session->tls != NULL;
}

/* May the command be run?  OK, or the reply that says why not. */
static enum mailin_reply
may_run(const struct mailin_session *session,
    const struct mailin_command *command)
{
	enum mailin_event event = session_event(command->verb);
	bool allowed = mailin_rule(session->state, event).yes != STATE_NONE;
	enum mailin_reply reply;

	if (command->error == MAILIN_REPLY_BAD_LINE)
		return MAILIN_REPLY_BAD_LINE;
	if (session->state == STATE_REFUSED && !allowed)
		return MAILIN_REPLY_BAD_SEQUENCE;
	/* The handler may know it: then it is a command like any other. */
	if (event == EVENT_UNKNOWN)
		return HANDLER(session, unknown_verb) == NULL
		    ? MAILIN_REPLY_OK : check_needs(session, event);
	reply = check_needs(session, event);
	if (reply != MAILIN_REPLY_OK)
		return reply;
	if (!allowed)
		return out_of_order(session, event);
	if (is_repeated(session, event))
		return MAILIN_REPLY_BAD_SEQUENCE;
	/* Parameters are MAIL's and RCPT's own affair: by policy. */
	return command->error == MAILIN_REPLY_BAD_PARAMETER
	    ? MAILIN_REPLY_OK : command->error;
}

static void
run_helo(struct mailin_session *session, const struct mailin_command *command)
{
	if (session->keywords != NULL)
		session->keywords->len = 0;
	session->candidate_kind = command->helo.domain_kind;
	session->candidate = mailin_copy(session_allocator(session),
	    command->helo.domain);
	if (session->candidate == NULL)
		session_send(session, MAILIN_REPLY_OUT_OF_MEMORY);
	else
		session_decide(session, DECIDE_HELO, command);
}

void
session_helo_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	char octets[REPLY_ROOM];
	size_t len = 0;

	/* The long reply to EHLO must not fail when all has been changed. */
	if (yes) {
		len = session_encode_greeting(session, reply, octets);
		yes = mailin_queue_reserve(&session->queue, allocator, len);
		reply = yes ? reply : MAILIN_REPLY_OUT_OF_MEMORY;
	}
	if (!yes) {
		mailin_free(allocator, session->candidate);
		session->candidate = NULL;
		session_send(session, reply);
		return;
	}
	session_lose(session, MAILIN_RESET_HELO);
	session_clear(session);
	session_advance(session, session->event, true);
	mailin_free(allocator, session->helo_name);
	session->helo_name = session->candidate;
	session->candidate = NULL;
	session->helo_kind = session->candidate_kind;
	session->greeting = (enum mailin_verb)session->event;
	session_send_octets(session, reply,
	    (struct mailin_span){ octets, len });
}

void
session_starttls_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	if (yes) {
		session_lose(session, MAILIN_RESET_STARTTLS);
		session_clear(session);
		session->tls_reply = session->queue.added;
	}
	/* CVE-2011-0411: what came before the 220 was sent is no command of a
	 * client that wants TLS. */
	if (yes && session->early) {
		session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
		return;
	}
	session_advance(session, session->event, yes);
	session_send(session, reply);
}

void
session_verb_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	/* That nobody knows it is the client's error. */
	if (!yes && reply == MAILIN_REPLY_UNKNOWN_VERB)
		session_send_error(session, reply);
	else
		session_send(session, reply);
}

static void
run_rset(struct mailin_session *session)
{
	session_lose(session, MAILIN_RESET_RSET);
	session_clear(session);
	session_advance(session, session->event, true);
	session_send(session, MAILIN_REPLY_DONE);
}

static void
run(struct mailin_session *session, const struct mailin_command *command)
{
	switch (command->verb) {
	case MAILIN_VERB_HELO:
	case MAILIN_VERB_EHLO:
	case MAILIN_VERB_LHLO:
		run_helo(session, command);
		break;
	case MAILIN_VERB_MAIL:
		session_mail_run(session, command);
		break;
	case MAILIN_VERB_RCPT:
		session_rcpt_run(session, command);
		break;
	case MAILIN_VERB_DATA:
		session_decide(session, DECIDE_DATA_START, NULL);
		break;
	case MAILIN_VERB_RSET:
		run_rset(session);
		break;
	case MAILIN_VERB_NOOP:
		session_send(session, MAILIN_REPLY_DONE);
		break;
	case MAILIN_VERB_VRFY:
		session_decide(session, DECIDE_VRFY, command);
		break;
	case MAILIN_VERB_EXPN:
		session_decide(session, DECIDE_EXPN, command);
		break;
	case MAILIN_VERB_HELP:
		session_decide(session, DECIDE_HELP, command);
		break;
	case MAILIN_VERB_ETRN:
		session_decide(session, DECIDE_ETRN, command);
		break;
	case MAILIN_VERB_STARTTLS:
		session_decide(session, DECIDE_STARTTLS, NULL);
		break;
	case MAILIN_VERB_AUTH:
		session_auth_start(session, &command->auth);
		break;
	case MAILIN_VERB_BURL:
		session_burl_start(session, &command->burl);
		break;
	case MAILIN_VERB_XCLIENT:
	case MAILIN_VERB_XFORWARD:
		session_xclient_run(session, command);
		break;
	case MAILIN_VERB_QUIT:
		session_reply_close(session, MAILIN_REPLY_GOODBYE,
		    MAILIN_CLOSE_QUIT);
		break;
	case MAILIN_VERB_UNKNOWN:
		session_decide(session, DECIDE_VERB, command);
		break;
	default: /* BDAT has a way of its own. */
		break;
	}
}

/* RFC 2920 3.1: which commands end a group, and so must be waited for. */
static bool
must_wait(const struct mailin_command *command)
{
	if (command->verb == MAILIN_VERB_AUTH)
		return command->error == MAILIN_REPLY_OK &&
		    command->auth.initial.ptr == NULL;
	return (mailin_rule_needs(session_event(command->verb)) &
	    NEEDS_LAST) != 0;
}

static void
trace_line(struct mailin_session *session, struct mailin_span line)
{
	if (HANDLER(session, trace) == NULL)
		return;
	line.len -= 2;
	session_trace(session, MAILIN_TRACE_IN, mailin_line_is_secret(line)
	    ? mailin_span_of("AUTH <hidden>") : line);
}

static bool
is_too_much_junk(struct mailin_session *session)
{
	if ((mailin_rule_needs(session->event) & COUNTS_AS_JUNK) != 0)
		session_count(&session->junk);
	return session_over(session, MAILIN_LIMIT_JUNK, session->junk);
}

static void
run_bdat(struct mailin_session *session,
    const struct mailin_command *command, enum mailin_reply error)
{
	/* Without a size there is no telling where the next command is. */
	if (command->error != MAILIN_REPLY_OK)
		session_reply_close(session, MAILIN_REPLY_BAD_ARGUMENT,
		    MAILIN_CLOSE_PROTOCOL);
	else
		session_chunk_start(session, &command->bdat, error);
}

/* A line that is none, as of a bare CR, is no EHLO either: like one with a bare
 * LF or too long it is answered with an enhanced code. */
static void
send_refusal(struct mailin_session *session, enum mailin_reply error)
{
	if (error == MAILIN_REPLY_BAD_LINE)
		session->event = EVENT_UNKNOWN;
	session_send_error(session, error);
}

void
session_run_line(struct mailin_session *session, struct mailin_span line)
{
	struct mailin_command command;
	enum mailin_reply error;

	trace_line(session, line);
	session->command_line = line;
	mailin_command_parse_as(&command, session_syntax(session), line.ptr,
	    line.len);
	session->event = session_event(command.verb);
	session->must_wait = must_wait(&command);
	error = may_run(session, &command);
	if (error != MAILIN_REPLY_OK && command.verb == MAILIN_VERB_RCPT &&
	    session->state == STATE_MAIL)
		session->mail->rcpt_refused = true;

	if (is_too_much_junk(session))
		session_reply_close(session, MAILIN_REPLY_TOO_MANY_ERRORS,
		    MAILIN_CLOSE_LIMIT);
	else if (command.verb == MAILIN_VERB_BDAT)
		run_bdat(session, &command, error);
	else if (error != MAILIN_REPLY_OK)
		send_refusal(session, error);
	else
		run(session, &command);
	if (mailin_line_is_auth(line))
		mailin_line_wipe(&session->line);
}
