/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/message.h"

static void
verb_decided(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	/* If the handler does not know the verb either, the command counts as
	 * an error of the client. */
	if (!yes && reply == MAILIN_REPLY_UNKNOWN_VERB)
		mailin_session_send_error(session, reply);
	else
		mailin_session_send(session, reply);
}

ASKS(unknown_verb, (session, &SUBJECT(command)->unknown, session->user))

static const struct mailin_decision decide_verb = {
	DECISION(unknown_verb, UNKNOWN_VERB, DONE, 2),
	.carry_out = verb_decided,
};

ASKS(query,
    (session, SUBJECT(command)->verb, &SUBJECT(command)->text, session->user))

static const struct mailin_decision decide_vrfy = {
	DECISION(query, CANNOT_VERIFY, CANNOT_VERIFY, 2),
	.also = { MAILIN_REPLY_RECIPIENT_OK },
	.carry_out = mailin_session_only_send,
};

static const struct mailin_decision decide_expn = {
	DECISION(query, NOT_OFFERED, DONE, 2),
	.also = { MAILIN_REPLY_RECIPIENT_OK, MAILIN_REPLY_CANNOT_VERIFY },
	.carry_out = mailin_session_only_send,
};

static const struct mailin_decision decide_help = {
	DECISION(query, HELP, HELP, 2),
	.carry_out = mailin_session_only_send,
};

static const struct mailin_decision decide_etrn = {
	DECISION(query, NOT_OFFERED, DONE, 2),
	.carry_out = mailin_session_only_send,
};

static void
run_rset(struct mailin_session *session, const struct mailin_command *command)
{
	(void)command;
	mailin_session_end_transaction(session, MAILIN_RESET_RSET);
	session_advance(session, session_event(MAILIN_VERB_RSET), true);
	mailin_session_send(session, MAILIN_REPLY_DONE);
}

static void
run_noop(struct mailin_session *session, const struct mailin_command *command)
{
	(void)command;
	mailin_session_send(session, MAILIN_REPLY_DONE);
}

static void
run_quit(struct mailin_session *session, const struct mailin_command *command)
{
	(void)command;
	mailin_session_reply_close(session, MAILIN_REPLY_GOODBYE,
	    MAILIN_CLOSE_QUIT);
}

static void
run_bdat(struct mailin_session *session, const struct mailin_command *command)
{
	mailin_session_chunk_start(session, &command->bdat, MAILIN_REPLY_OK);
}

#define TLS_AUTH    (NEEDS_TLS | NEEDS_IDENTITY)
#define OFFER(name) MAILIN_BIT(MAILIN_EXTENSION_##name)

/*
 * RFC 2920 3.1 lists the commands that end a pipelined group.  RFC 3207 4 and
 * RFC 4954 6 list the commands that are allowed without TLS and AUTH even if
 * the server requires these.  XCLIENT is allowed, too, because a trusted proxy
 * uses it to say who has logged in.  mailin/config.h and the guide list the
 * verbs without TLS_AUTH.
 */
/* clang-format off */
const struct mailin_verb_row mailin_verbs[MAILIN_VERB_COUNT] = {
[MAILIN_VERB_UNKNOWN]  = { TLS_AUTH, TRAIT_JUNK, 0,
    NULL, &decide_verb },
[MAILIN_VERB_HELO]     = { NEEDS_SMTP, TRAIT_LAST | TRAIT_JUNK | TRAIT_HELLO, 0,
    mailin_session_helo_run, NULL },
[MAILIN_VERB_EHLO]     = { NEEDS_SMTP, TRAIT_LAST | TRAIT_JUNK | TRAIT_HELLO, 0,
    mailin_session_helo_run, NULL },
[MAILIN_VERB_LHLO]     = { NEEDS_LMTP, TRAIT_LAST | TRAIT_JUNK | TRAIT_HELLO, 0,
    mailin_session_helo_run, NULL },
[MAILIN_VERB_MAIL]     = { TLS_AUTH, 0, 0,
    mailin_session_mail_run, NULL },
[MAILIN_VERB_RCPT]     = { TLS_AUTH, 0, 0,
    mailin_session_rcpt_run, NULL },
[MAILIN_VERB_DATA]     = { TLS_AUTH, 0, 0,
    NULL, &mailin_decide_data_start },
[MAILIN_VERB_BDAT]     = { TLS_AUTH | NEEDS_OFFER, TRAIT_CHUNK, OFFER(CHUNKING),
    run_bdat, NULL },
[MAILIN_VERB_RSET]     = { 0, TRAIT_JUNK, 0,
    run_rset, NULL },
[MAILIN_VERB_NOOP]     = { 0, TRAIT_LAST | TRAIT_JUNK, 0,
    run_noop, NULL },
[MAILIN_VERB_VRFY]     = { TLS_AUTH, TRAIT_LAST | TRAIT_JUNK, 0,
    NULL, &decide_vrfy },
[MAILIN_VERB_EXPN]     = { TLS_AUTH | NEEDS_OFFER, TRAIT_LAST | TRAIT_JUNK,
    OFFER(EXPN), NULL, &decide_expn },
[MAILIN_VERB_HELP]     = { TLS_AUTH, TRAIT_JUNK, 0,
    NULL, &decide_help },
[MAILIN_VERB_QUIT]     = { 0, 0, 0,
    run_quit, NULL },
[MAILIN_VERB_STARTTLS] = { NEEDS_OFFER | NEEDS_ESMTP, TRAIT_LAST,
    OFFER(STARTTLS), NULL, &mailin_decide_starttls },
[MAILIN_VERB_AUTH]     = { NEEDS_OFFER | NEEDS_TLS | NEEDS_ESMTP, 0, 0,
    mailin_session_auth_start, NULL },
[MAILIN_VERB_ETRN]     = { TLS_AUTH | NEEDS_OFFER | NEEDS_ESMTP, TRAIT_JUNK,
    OFFER(ETRN), NULL, &decide_etrn },
[MAILIN_VERB_BURL]     = { TLS_AUTH | NEEDS_OFFER, 0, OFFER(BURL),
    mailin_session_burl_start, NULL },
[MAILIN_VERB_XCLIENT]  = { NEEDS_OFFER, TRAIT_LAST | TRAIT_JUNK, OFFER(XCLIENT),
    mailin_session_xclient_run, NULL },
[MAILIN_VERB_XFORWARD] = { TLS_AUTH | NEEDS_OFFER, TRAIT_JUNK, OFFER(XFORWARD),
    mailin_session_xclient_run, NULL },
};
/* clang-format on */

/* Refuse a command that begins a chunk.  The octets of the chunk must be read
 * all the same.  If the line has no valid size, the end of the chunk is
 * unknown, so end the session. */
static void
refuse_chunk(struct mailin_session *session,
    const struct mailin_command *command, enum mailin_reply error)
{
	if (command->error != MAILIN_REPLY_OK)
		mailin_session_reply_close(session, MAILIN_REPLY_BAD_ARGUMENT,
		    MAILIN_CLOSE_PROTOCOL);
	else
		mailin_session_chunk_start(session, &command->bdat, error);
}

/* Check a command in full.  If it is not allowed, send the reply and return
 * false. */
static RARE bool
is_allowed(struct mailin_session *session, const struct mailin_command *command,
    const struct mailin_verb_row *row)
{
	enum mailin_reply error = mailin_session_check(session, command, row);

	/* AUTH ends a pipelined group only if it has no initial response. */
	if (command->verb == MAILIN_VERB_AUTH &&
	    command->error == MAILIN_REPLY_OK)
		session->must_wait = command->auth.initial.ptr == NULL;
	if (error == MAILIN_REPLY_OK)
		return true;
	if (command->verb == MAILIN_VERB_RCPT && session->state == STATE_MAIL)
		session->transaction->rcpt_refused = true;
	/* A malformed line, such as one with a bare CR, is not treated as EHLO,
	 * so its reply has an enhanced code. */
	if (error == MAILIN_REPLY_BAD_LINE)
		session->no_enhanced = false;
	if ((row->traits & TRAIT_CHUNK) != 0)
		refuse_chunk(session, command, error);
	else
		mailin_session_send_error(session, error);
	return false;
}

void
mailin_session_run_command(struct mailin_session *session,
    const struct mailin_command *command, struct mailin_span line)
{
	const struct mailin_verb_row *row = &mailin_verbs[command->verb];

	session->command_line = line;
	session->verb = command->verb;
	session->cause = MAILIN_OUTCOME_COMMAND;
	session->must_wait = (row->traits & TRAIT_LAST) != 0;
	/* In LMTP, HELO and EHLO are errors like any other (RFC 2033 4.1). */
	session->no_enhanced = (row->traits & TRAIT_HELLO) != 0 &&
	    (row->needs & session->checks & NEEDS_SMTP) == 0;
	if ((row->traits & TRAIT_JUNK) != 0) {
		session_count(&session->junk);
		if (session_close_if_over(session, MAILIN_LIMIT_JUNK,
			session->junk))
			return;
	}
	if (!session_may_run(session, command, row) &&
	    !is_allowed(session, command, row))
		return;
	/* A verb whose row has neither a "run" nor a "decision" is refused. */
	if (row->run != NULL)
		row->run(session, command);
	else if (row->decision != NULL)
		mailin_session_decide(session, row->decision, command);
	else
		mailin_session_send(session, MAILIN_REPLY_INTERNAL_ERROR);
}

void
mailin_session_run_line(struct mailin_session *session, struct mailin_span line)
{
	struct mailin_command command;

	mailin_session_trace_line(session, line);
	mailin_command_parse_as(&command, session_syntax(session), line.ptr,
	    line.len);
	mailin_session_run_command(session, &command, line);
	if (mailin_line_is_auth(line))
		mailin_line_wipe(&session->line);
}
