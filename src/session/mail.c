/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "command/parameter.h"
#include "session/decide.h"

/* The maximum number of unknown parameters in a command. */
#define UNKNOWN_MOST 16

static bool
is_refused(const struct mailin_session *session,
    enum mailin_parameter parameter)
{
	const struct mailin_parameter_row *row =
	    &mailin_parameter_rows[parameter];

	if (row->not_offered == PARAMETER_ACCEPTED ||
	    session_offers(session, (enum mailin_extension)row->extension))
		return false;
	/* The callback, if there is one, decides on unknown parameters. */
	if (parameter == MAILIN_PARAMETER_UNKNOWN &&
	    session->handler->unknown_parameter != NULL)
		return false;
	return row->not_offered == PARAMETER_BINDING ||
	    session_policy(session, MAILIN_POLICY_PARAMETERS) !=
	    MAILIN_PARAMETERS_IGNORE;
}

static enum mailin_reply
check_parameters(const struct mailin_session *session, uint32_t parameters)
{
	int i;

	for (i = 0; parameters != 0; i++, parameters >>= 1)
		if ((parameters & 1) != 0 &&
		    is_refused(session, (enum mailin_parameter)i))
			return MAILIN_REPLY_BAD_PARAMETER;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
check_mail(const struct mailin_session *session, const struct mailin_mail *mail)
{
	uint64_t most = session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE);
	enum mailin_reply reply;

	reply = check_parameters(session, mail->parameters);
	if (reply != MAILIN_REPLY_OK)
		return reply;
	if (mail->body == MAILIN_BODY_BINARYMIME &&
	    !session_offers(session, MAILIN_EXTENSION_BINARYMIME))
		return MAILIN_REPLY_BAD_PARAMETER;
	/* RFC 1870 6.1.  A size that does not fit in 64 bits is always too
	 * big. */
	if (session_offers(session, MAILIN_EXTENSION_SIZE) &&
	    (mail->size_over || (most != 0 && mail->size > most)))
		return MAILIN_REPLY_TOO_BIG;
	return MAILIN_REPLY_OK;
}

/* Would this domain exceed the limit on the number of different domains
 * (RCPTDOMAINMAX, RFC 9422 4.3)? */
static bool
is_domain_too_many(const struct mailin_session *session,
    struct mailin_span domain)
{
	uint64_t most = session_limit(session, MAILIN_LIMIT_RCPT_DOMAINS);

	return most != 0 && session->transaction->envelope.domains >= most &&
	    !mailin_envelope_has_domain(&session->transaction->envelope,
		domain);
}

static enum mailin_reply
check_rcpt(const struct mailin_session *session, const struct mailin_rcpt *rcpt)
{
	/* A non-ASCII address needs SMTPUTF8 in MAIL (RFC 6531 3.4, RFC 6533
	 * 3). */
	if ((rcpt->path.utf8 || rcpt->orcpt_utf8) &&
	    !session->transaction->utf8)
		return MAILIN_REPLY_NEEDS_SMTPUTF8;
	if (session->transaction->envelope.count >=
		session_limit(session, MAILIN_LIMIT_RECIPIENTS) ||
	    is_domain_too_many(session, rcpt->path.domain))
		return MAILIN_REPLY_TOO_MANY_RCPTS;
	return check_parameters(session, rcpt->parameters);
}

/* Reserve room for the line in the envelope, unless the envelope would exceed
 * its limit. */
static enum mailin_reply
reserve_envelope(struct mailin_session *session)
{
	struct mailin_envelope *envelope = &session->transaction->envelope;
	size_t len = session->command_line.len;

	if (envelope->lines.len + len >
	    session_limit(session, MAILIN_LIMIT_ENVELOPE_SIZE))
		return MAILIN_REPLY_TOO_MANY_RCPTS;
	return mailin_envelope_reserve(envelope, session_allocator(session),
		   len) ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_OUT_OF_MEMORY;
}

static bool
is_known(enum mailin_verb verb, struct mailin_span keyword)
{
	return mailin_parameter_find(verb, keyword) != MAILIN_PARAMETER_UNKNOWN;
}

/* Find the next parameter that the library does not know for this verb.  Begin
 * at the offset transaction->parameter. */
static bool
next_unknown(struct mailin_session *session, struct mailin_span all,
    struct mailin_unknown_parameter *unknown)
{
	struct mailin_span rest = all;

	rest.ptr += session->transaction->parameter;
	rest.len -= session->transaction->parameter;
	while (
	    mailin_parameter_next(&rest, &unknown->keyword, &unknown->value)) {
		session->transaction->parameter = all.len - rest.len;
		if (!is_known(unknown->verb, unknown->keyword))
			return true;
	}
	return false;
}

/* Check the unknown parameters, before they are ignored or the handler decides
 * on them.  It is an error if a parameter belongs to the other verb (MAIL or
 * RCPT), or is given twice.  UNKNOWN_MOST limits the cost of the comparison. */
static RARE enum mailin_reply
check_unknown(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span all)
{
	struct mailin_span seen[UNKNOWN_MOST];
	struct mailin_unknown_parameter unknown = { .verb = verb };
	enum mailin_verb other = verb == MAILIN_VERB_MAIL ? MAILIN_VERB_RCPT :
							    MAILIN_VERB_MAIL;
	size_t i, count = 0;

	session->transaction->parameter = 0;
	while (next_unknown(session, all, &unknown)) {
		if (is_known(other, unknown.keyword) || count == UNKNOWN_MOST)
			return MAILIN_REPLY_BAD_PARAMETER;
		for (i = 0; i < count; i++)
			if (mailin_span_iequal_span(seen[i], unknown.keyword))
				return MAILIN_REPLY_BAD_ARGUMENT;
		seen[count++] = unknown.keyword;
	}
	session->transaction->parameter = 0;
	return MAILIN_REPLY_OK;
}

/* Ask the handler about the next unknown parameter.  Returns false if there is
 * no such parameter, or no callback. */
static RARE bool
decide_unknown(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span all)
{
	struct mailin_unknown_parameter unknown = { .verb = verb };

	if (session->handler->unknown_parameter == NULL ||
	    !next_unknown(session, all, &unknown))
		return false;
	mailin_session_decide(session, &mailin_decide_parameter, &unknown);
	return true;
}

void
mailin_session_mail_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	struct mailin_span all = command->mail.parameter_text;
	enum mailin_reply reply = mailin_session_need_transaction(session) ?
	    check_mail(session, &command->mail) :
	    MAILIN_REPLY_OUT_OF_MEMORY;

	if (reply == MAILIN_REPLY_OK && all.len > 0)
		reply = check_unknown(session, MAILIN_VERB_MAIL, all);
	if (reply == MAILIN_REPLY_OK)
		reply = reserve_envelope(session);
	if (reply != MAILIN_REPLY_OK) {
		mailin_session_send_error(session, reply);
		return;
	}
	if (session_close_if_over(session, MAILIN_LIMIT_TRANSACTIONS,
		session->transactions + 1))
		return;
	session->transaction->utf8 = (command->mail.parameters &
					 MAILIN_PARAMETER_BIT(
					     MAILIN_PARAMETER_SMTPUTF8)) != 0;
	session->transaction->binary = command->mail.body ==
	    MAILIN_BODY_BINARYMIME;
	if (all.len == 0 || !decide_unknown(session, MAILIN_VERB_MAIL, all))
		mailin_session_decide(session, &mailin_decide_mail, command);
}

void
mailin_session_rcpt_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	struct mailin_span all = command->rcpt.parameter_text;
	enum mailin_reply reply = check_rcpt(session, &command->rcpt);

	if (reply == MAILIN_REPLY_OK && all.len > 0)
		reply = check_unknown(session, MAILIN_VERB_RCPT, all);
	if (reply == MAILIN_REPLY_OK)
		reply = reserve_envelope(session);
	if (reply != MAILIN_REPLY_OK) {
		session->transaction->rcpt_refused = true;
		mailin_session_send_error(session, reply);
		return;
	}
	if (all.len == 0 || !decide_unknown(session, MAILIN_VERB_RCPT, all))
		mailin_session_decide(session, &mailin_decide_rcpt, command);
}

static void
mail_decided(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	if (yes) {
		session_count(&session->transactions);
		mailin_envelope_set_mail(&session->transaction->envelope,
		    session->command_line);
	} else {
		session->transaction->utf8 = session->transaction->binary =
		    false;
	}
	session_advance(session, session_event(MAILIN_VERB_MAIL), yes);
	mailin_session_send(session, reply);
}

static RARE void
count_domain(struct mailin_session *session, struct mailin_span line)
{
	struct mailin_command command;

	mailin_command_parse_as(&command, session_syntax(session), line.ptr,
	    line.len);
	mailin_envelope_count_domain(&session->transaction->envelope, line,
	    command.rcpt.path.domain);
}

static void
rcpt_decided(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	struct mailin_span line = session->command_line;

	if (yes) {
		mailin_envelope_add_rcpt(&session->transaction->envelope, line);
		if (session_limit(session, MAILIN_LIMIT_RCPT_DOMAINS) > 0)
			count_domain(session, line);
	} else {
		session->transaction->rcpt_refused = true;
		session_count(&session->refused_rcpts);
		if (session_close_if_over(session,
			MAILIN_LIMIT_REFUSED_RECIPIENTS,
			session->refused_rcpts))
			return;
	}
	session_advance(session, session_event(MAILIN_VERB_RCPT), yes);
	mailin_session_send(session, reply);
}

static void
parameter_decided(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	bool mail = session->verb == MAILIN_VERB_MAIL;
	struct mailin_command command;

	if (!yes) {
		(mail ? mail_decided : rcpt_decided)(session, false, reply);
		return;
	}
	mailin_command_parse_as(&command, session_syntax(session),
	    session->command_line.ptr, session->command_line.len);
	if (!decide_unknown(session, session->verb,
		mail ? command.mail.parameter_text :
		       command.rcpt.parameter_text))
		mailin_session_decide(session,
		    mail ? &mailin_decide_mail : &mailin_decide_rcpt, &command);
}

ASKS(mail, (session, &SUBJECT(command)->mail, session->user))
ASKS(rcpt, (session, &SUBJECT(command)->rcpt, session->user))
ASKS(unknown_parameter,
    (session, SUBJECT(unknown_parameter)->verb,
	SUBJECT(unknown_parameter)->keyword, SUBJECT(unknown_parameter)->value,
	session->user))
const struct mailin_decision mailin_decide_mail = {
	DECISION(mail, SENDER_OK, SENDER_OK, 2),
	.carry_out = mail_decided,
};

const struct mailin_decision mailin_decide_rcpt = {
	DECISION(rcpt, RELAY_DENIED, RECIPIENT_OK, 2),
	.carry_out = rcpt_decided,
};

const struct mailin_decision mailin_decide_parameter = {
	DECISION(unknown_parameter, BAD_PARAMETER, DONE, 2),
	.carry_out = parameter_decided,
};
