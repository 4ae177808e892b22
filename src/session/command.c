/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/decide.h"

static void
starttls_decided(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	if (yes) {
		mailin_session_end_transaction(session, MAILIN_RESET_STARTTLS);
		session->tls_reply = session->queue.added;
	}
	/* CVE-2011-0411: octets that came before the 220 was sent may have been
	 * injected in clear. */
	if (yes && session->early) {
		mailin_session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
		return;
	}
	session_advance(session, session->event, yes);
	mailin_session_send(session, reply);
}

static enum mailin_reply
ask_starttls(struct mailin_session *session, const void *subject)
{
	(void)subject;
	return session->handler->starttls(session, session->user);
}

const struct mailin_decision mailin_decide_starttls = {
	DECISION(starttls, START_TLS, START_TLS, 220),
	.ask = ask_starttls,
	.carry_out = starttls_decided,
};

static void
verb_decided(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	/* The handler does not know the verb either: count it as the client's
	 * error. */
	if (!yes && reply == MAILIN_REPLY_UNKNOWN_VERB)
		mailin_session_send_error(session, reply);
	else
		mailin_session_send(session, reply);
}

static enum mailin_reply
ask_unknown_verb(struct mailin_session *session, const void *subject)
{
	const struct mailin_command *command = subject;

	return session->handler->unknown_verb(session, &command->unknown,
	    session->user);
}

const struct mailin_decision mailin_decide_verb = {
	DECISION(unknown_verb, UNKNOWN_VERB, DONE, 2),
	.ask = ask_unknown_verb,
	.carry_out = verb_decided,
};

static enum mailin_reply
ask_query(struct mailin_session *session, const void *subject)
{
	const struct mailin_command *command = subject;

	return session->handler->query(session, command->verb, &command->text,
	    session->user);
}

const struct mailin_decision mailin_decide_vrfy = {
	DECISION(query, CANNOT_VERIFY, CANNOT_VERIFY, 2),
	.also = { MAILIN_REPLY_RECIPIENT_OK },
	.ask = ask_query,
	.carry_out = mailin_session_only_send,
};

const struct mailin_decision mailin_decide_expn = {
	DECISION(query, NOT_OFFERED, DONE, 2),
	.also = { MAILIN_REPLY_RECIPIENT_OK, MAILIN_REPLY_CANNOT_VERIFY },
	.ask = ask_query,
	.carry_out = mailin_session_only_send,
};

const struct mailin_decision mailin_decide_help = {
	DECISION(query, HELP, HELP, 2),
	.ask = ask_query,
	.carry_out = mailin_session_only_send,
};

const struct mailin_decision mailin_decide_etrn = {
	DECISION(query, NOT_OFFERED, DONE, 2),
	.ask = ask_query,
	.carry_out = mailin_session_only_send,
};

static void
run_rset(struct mailin_session *session, const struct mailin_command *command)
{
	(void)command;
	mailin_session_end_transaction(session, MAILIN_RESET_RSET);
	session_advance(session, session->event, true);
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

/* run starts a command.  If it is NULL, the handler is asked for decision at
 * once. */
struct action {
	void (*run)(struct mailin_session *session,
	    const struct mailin_command *command);
	const struct mailin_decision *decision;
};

static const struct action actions[MAILIN_VERB_COUNT] = {
	[MAILIN_VERB_UNKNOWN] = { NULL, &mailin_decide_verb },
	[MAILIN_VERB_HELO] = { mailin_session_helo_run, NULL },
	[MAILIN_VERB_EHLO] = { mailin_session_helo_run, NULL },
	[MAILIN_VERB_LHLO] = { mailin_session_helo_run, NULL },
	[MAILIN_VERB_MAIL] = { mailin_session_mail_run, NULL },
	[MAILIN_VERB_RCPT] = { mailin_session_rcpt_run, NULL },
	[MAILIN_VERB_DATA] = { NULL, &mailin_decide_data_start },
	/* BDAT: see run_bdat(). */
	[MAILIN_VERB_RSET] = { run_rset, NULL },
	[MAILIN_VERB_NOOP] = { run_noop, NULL },
	[MAILIN_VERB_VRFY] = { NULL, &mailin_decide_vrfy },
	[MAILIN_VERB_EXPN] = { NULL, &mailin_decide_expn },
	[MAILIN_VERB_HELP] = { NULL, &mailin_decide_help },
	[MAILIN_VERB_QUIT] = { run_quit, NULL },
	[MAILIN_VERB_STARTTLS] = { NULL, &mailin_decide_starttls },
	[MAILIN_VERB_AUTH] = { mailin_session_auth_start, NULL },
	[MAILIN_VERB_ETRN] = { NULL, &mailin_decide_etrn },
	[MAILIN_VERB_BURL] = { mailin_session_burl_start, NULL },
	[MAILIN_VERB_XCLIENT] = { mailin_session_xclient_run, NULL },
	[MAILIN_VERB_XFORWARD] = { mailin_session_xclient_run, NULL },
};

static inline void
run(struct mailin_session *session, const struct mailin_command *command)
{
	const struct action *action = &actions[command->verb];

	if (action->run != NULL)
		action->run(session, command);
	else
		mailin_session_decide(session, action->decision, command);
}

static void
run_bdat(struct mailin_session *session, const struct mailin_command *command,
    enum mailin_reply error)
{
	/* Without a size the end of the chunk cannot be found. */
	if (command->error != MAILIN_REPLY_OK)
		mailin_session_reply_close(session, MAILIN_REPLY_BAD_ARGUMENT,
		    MAILIN_CLOSE_PROTOCOL);
	else
		mailin_session_chunk_start(session, &command->bdat, error);
}

/* A malformed line (a bare CR) is not treated as EHLO, so its reply has an
 * enhanced code like those to other malformed lines. */
static void
send_refusal(struct mailin_session *session, enum mailin_reply error)
{
	if (error == MAILIN_REPLY_BAD_LINE)
		session->event = EVENT_UNKNOWN;
	mailin_session_send_error(session, error);
}

/* Check a command in full.  Run it, or send the reply that says why not. */
static RARE void
consider(struct mailin_session *session, const struct mailin_command *command)
{
	enum mailin_reply error = mailin_session_check(session, command);

	/* AUTH with an initial response need not be the last of a pipelined
	 * group. */
	if (command->verb == MAILIN_VERB_AUTH &&
	    command->error == MAILIN_REPLY_OK)
		session->must_wait = command->auth.initial.ptr == NULL;
	if (error != MAILIN_REPLY_OK && command->verb == MAILIN_VERB_RCPT &&
	    session->state == STATE_MAIL)
		session->mail->rcpt_refused = true;

	if (command->verb == MAILIN_VERB_BDAT)
		run_bdat(session, command, error);
	else if (error != MAILIN_REPLY_OK)
		send_refusal(session, error);
	else
		run(session, command);
}

static inline bool
is_too_much_junk(struct mailin_session *session, unsigned traits)
{
	if ((traits & COUNTS_AS_JUNK) == 0)
		return false;
	session_count(&session->junk);
	return session_over(session, MAILIN_LIMIT_JUNK, session->junk);
}

void
mailin_session_run_command(struct mailin_session *session,
    const struct mailin_command *command, struct mailin_span line)
{
	enum mailin_event event = session_event(command->verb);
	unsigned traits = mailin_rule_needs(event);

	session->command_line = line;
	session->event = event;
	/* RFC 2920 3.1: the client must wait for the reply to a command that
	 * ends a group. */
	session->must_wait = (traits & NEEDS_LAST) != 0;
	if (is_too_much_junk(session, traits))
		mailin_session_reply_close(session,
		    MAILIN_REPLY_TOO_MANY_ERRORS, MAILIN_CLOSE_LIMIT);
	else if (session_is_plain(session, command))
		run(session, command);
	else
		consider(session, command);
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
