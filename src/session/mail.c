/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/calls.h"

/* The most unknown parameters that a command may have. */
#define STRANGE_MOST 16

#define BIT(name) MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_##name)

/* The extension that offers each parameter.  COUNT: no extension offers it. */
/* clang-format off */
static const uint8_t parameter_extension[MAILIN_PARAMETER_COUNT] = {
	[MAILIN_PARAMETER_SIZE]        = MAILIN_EXTENSION_SIZE,
	[MAILIN_PARAMETER_BODY]        = MAILIN_EXTENSION_8BITMIME,
	[MAILIN_PARAMETER_SMTPUTF8]    = MAILIN_EXTENSION_SMTPUTF8,
	[MAILIN_PARAMETER_RET]         = MAILIN_EXTENSION_DSN,
	[MAILIN_PARAMETER_ENVID]       = MAILIN_EXTENSION_DSN,
	[MAILIN_PARAMETER_AUTH]        = MAILIN_EXTENSION_COUNT,
	[MAILIN_PARAMETER_BY]          = MAILIN_EXTENSION_DELIVERBY,
	[MAILIN_PARAMETER_HOLDFOR]     = MAILIN_EXTENSION_FUTURERELEASE,
	[MAILIN_PARAMETER_HOLDUNTIL]   = MAILIN_EXTENSION_FUTURERELEASE,
	[MAILIN_PARAMETER_MT_PRIORITY] = MAILIN_EXTENSION_MT_PRIORITY,
	[MAILIN_PARAMETER_MTRK]        = MAILIN_EXTENSION_MTRK,
	[MAILIN_PARAMETER_REQUIRETLS]  = MAILIN_EXTENSION_REQUIRETLS,
	[MAILIN_PARAMETER_SOLICIT]     = MAILIN_EXTENSION_NO_SOLICITING,
	[MAILIN_PARAMETER_NOTIFY]      = MAILIN_EXTENSION_DSN,
	[MAILIN_PARAMETER_ORCPT]       = MAILIN_EXTENSION_DSN,
	[MAILIN_PARAMETER_RRVS]        = MAILIN_EXTENSION_RRVS,
	[MAILIN_PARAMETER_UNKNOWN]     = MAILIN_EXTENSION_COUNT,
};
/* clang-format on */

enum mailin_extension
mailin_parameter_extension(enum mailin_parameter parameter)
{
	return (unsigned)parameter < MAILIN_PARAMETER_COUNT ?
	    (enum mailin_extension)parameter_extension[parameter] :
	    MAILIN_EXTENSION_COUNT;
}

/* Accepted even if not offered: large senders use these unasked.  The handler
 * sees them. */
#define HARMLESS \
	(BIT(SIZE) | BIT(BODY) | BIT(RET) | BIT(ENVID) | BIT(NOTIFY) | \
	    BIT(ORCPT) | BIT(AUTH))

/* Never ignored: refused unless offered, because the client relies on them. */
#define BINDING \
	(BIT(REQUIRETLS) | BIT(SMTPUTF8) | BIT(BY) | BIT(HOLDFOR) | \
	    BIT(HOLDUNTIL))

static uint32_t
not_offered(const struct mailin_session *session, uint32_t parameters)
{
	uint32_t rest = parameters, bits = 0;
	int i;

	for (i = 0; rest != 0; i++, rest >>= 1)
		if ((rest & 1) != 0 &&
		    !session_offers(session,
			mailin_parameter_extension((enum mailin_parameter)i)))
			bits |= MAILIN_PARAMETER_BIT(i);
	return bits;
}

static enum mailin_reply
check_parameters(const struct mailin_session *session, uint32_t parameters)
{
	uint32_t strange;

	if (parameters == 0)
		return MAILIN_REPLY_OK;
	strange = not_offered(session, parameters) & ~HARMLESS;
	/* If the handler has the callback, it decides on each unknown
	 * parameter. */
	if (session->handler->unknown_parameter != NULL)
		strange &= ~BIT(UNKNOWN);
	if (session_policy(session, MAILIN_POLICY_PARAMETERS) ==
	    MAILIN_PARAMETERS_IGNORE)
		strange &= BINDING;
	return strange != 0 ? MAILIN_REPLY_BAD_PARAMETER : MAILIN_REPLY_OK;
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
	/* RFC 1870 6.1.  A size that does not fit 64 bits is always too big. */
	if (session_offers(session, MAILIN_EXTENSION_SIZE) &&
	    (mail->size_over || (most != 0 && mail->size > most)))
		return MAILIN_REPLY_TOO_BIG;
	return MAILIN_REPLY_OK;
}

/* RFC 9422 4.3, RCPTDOMAINMAX */
static bool
is_domain_too_many(const struct mailin_session *session,
    struct mailin_span domain)
{
	uint64_t most = session_limit(session, MAILIN_LIMIT_RCPT_DOMAINS);

	return most != 0 && session->mail->envelope.domains >= most &&
	    !mailin_envelope_has_domain(&session->mail->envelope, domain);
}

static enum mailin_reply
check_rcpt(const struct mailin_session *session, const struct mailin_rcpt *rcpt)
{
	/* RFC 6531 3.4, RFC 6533 3 */
	if ((rcpt->path.utf8 || rcpt->orcpt_utf8) && !session->mail->utf8)
		return MAILIN_REPLY_NEEDS_SMTPUTF8;
	if (session->mail->envelope.count >=
		session_limit(session, MAILIN_LIMIT_RECIPIENTS) ||
	    is_domain_too_many(session, rcpt->path.domain))
		return MAILIN_REPLY_TOO_MANY_RCPTS;
	return check_parameters(session, rcpt->parameters);
}

/* Reserve room for the line in the envelope, within its limit. */
static enum mailin_reply
reserve_envelope(struct mailin_session *session)
{
	struct mailin_envelope *envelope = &session->mail->envelope;
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
	int i,
	    first = verb == MAILIN_VERB_MAIL ? MAILIN_PARAMETER_SIZE :
					       MAILIN_PARAMETER_NOTIFY;
	int last = verb == MAILIN_VERB_MAIL ? MAILIN_PARAMETER_SOLICIT :
					      MAILIN_PARAMETER_RRVS;

	for (i = first; i <= last; i++)
		if (mailin_span_iequal(keyword,
			mailin_parameter_name((enum mailin_parameter)i)))
			return true;
	return false;
}

/* Find the next parameter that is not one of the verb's, from the offset in
 * mail->parameter. */
static bool
next_strange(struct mailin_session *session, struct mailin_span all,
    struct mailin_strange *strange)
{
	struct mailin_span rest = all;

	rest.ptr += session->mail->parameter;
	rest.len -= session->mail->parameter;
	while (
	    mailin_parameter_next(&rest, &strange->keyword, &strange->value)) {
		session->mail->parameter = all.len - rest.len;
		if (!is_known(strange->verb, strange->keyword))
			return true;
	}
	return false;
}

/*
 * Check the unknown parameters before they are ignored or the handler is asked:
 * a parameter of the other verb is an error, and so is one given twice.
 * STRANGE_MOST keeps the pairwise comparison cheap.
 */
static RARE enum mailin_reply
check_strange(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span all)
{
	struct mailin_span seen[STRANGE_MOST];
	struct mailin_strange strange = { .verb = verb };
	enum mailin_verb other = verb == MAILIN_VERB_MAIL ? MAILIN_VERB_RCPT :
							    MAILIN_VERB_MAIL;
	size_t i, count = 0;

	session->mail->parameter = 0;
	while (next_strange(session, all, &strange)) {
		if (is_known(other, strange.keyword) || count == STRANGE_MOST)
			return MAILIN_REPLY_BAD_PARAMETER;
		for (i = 0; i < count; i++)
			if (mailin_span_same(seen[i], strange.keyword))
				return MAILIN_REPLY_BAD_ARGUMENT;
		seen[count++] = strange.keyword;
	}
	session->mail->parameter = 0;
	return MAILIN_REPLY_OK;
}

/* Ask the handler about the next unknown parameter.  False if there is none. */
static RARE bool
ask_strange(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span all)
{
	struct mailin_strange strange = { .verb = verb };

	if (session->handler->unknown_parameter == NULL ||
	    !next_strange(session, all, &strange))
		return false;
	mailin_session_decide(session, DECIDE_PARAMETER, &strange);
	return true;
}

/* Ask about the next unknown parameter, or else about the command itself. */
static inline void
ask(struct mailin_session *session, const struct mailin_command *command,
    struct mailin_span parameters, enum mailin_decision decision)
{
	if (parameters.len == 0 ||
	    !ask_strange(session, command->verb, parameters))
		mailin_session_decide(session, decision, command);
}

static void
ask_mail(struct mailin_session *session, const struct mailin_command *command)
{
	ask(session, command, command->mail.parameter_text, DECIDE_MAIL);
}

static void
ask_rcpt(struct mailin_session *session, const struct mailin_command *command)
{
	ask(session, command, command->rcpt.parameter_text, DECIDE_RCPT);
}

void
mailin_session_parameter_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	bool mail = session->event == session_event(MAILIN_VERB_MAIL);
	struct mailin_command command;

	if (!yes) {
		(mail ? mailin_session_mail_verdict :
			mailin_session_rcpt_verdict)(session, false, reply);
		return;
	}
	mailin_command_parse_as(&command, session_syntax(session),
	    session->command_line.ptr, session->command_line.len);
	(mail ? ask_mail : ask_rcpt)(session, &command);
}

void
mailin_session_mail_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	enum mailin_reply reply = mailin_session_need_mail(session) ?
	    check_mail(session, &command->mail) :
	    MAILIN_REPLY_OUT_OF_MEMORY;

	if (reply == MAILIN_REPLY_OK && command->mail.parameter_text.len > 0)
		reply = check_strange(session, command->verb,
		    command->mail.parameter_text);
	if (reply == MAILIN_REPLY_OK)
		reply = reserve_envelope(session);
	if (reply != MAILIN_REPLY_OK) {
		mailin_session_send_error(session, reply);
		return;
	}
	if (session_over(session, MAILIN_LIMIT_TRANSACTIONS,
		session->transactions + 1)) {
		mailin_session_reply_close(session,
		    MAILIN_REPLY_TOO_MANY_ERRORS, MAILIN_CLOSE_LIMIT);
		return;
	}
	session->mail->utf8 = (command->mail.parameters & BIT(SMTPUTF8)) != 0;
	session->mail->binary = command->mail.body == MAILIN_BODY_BINARYMIME;
	ask_mail(session, command);
}

void
mailin_session_rcpt_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	enum mailin_reply reply = check_rcpt(session, &command->rcpt);

	if (reply == MAILIN_REPLY_OK && command->rcpt.parameter_text.len > 0)
		reply = check_strange(session, command->verb,
		    command->rcpt.parameter_text);
	if (reply == MAILIN_REPLY_OK)
		reply = reserve_envelope(session);
	if (reply != MAILIN_REPLY_OK) {
		session->mail->rcpt_refused = true;
		mailin_session_send_error(session, reply);
		return;
	}
	ask_rcpt(session, command);
}

void
mailin_session_mail_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	if (yes) {
		session_count(&session->transactions);
		mailin_envelope_set_mail(&session->mail->envelope,
		    session->command_line);
	} else {
		session->mail->utf8 = session->mail->binary = false;
	}
	session_advance(session, session->event, yes);
	mailin_session_send(session, reply);
}

static RARE void
count_domain(struct mailin_session *session, struct mailin_span line)
{
	struct mailin_command command;

	mailin_command_parse_as(&command, session_syntax(session), line.ptr,
	    line.len);
	mailin_envelope_count_domain(&session->mail->envelope, line,
	    command.rcpt.path.domain);
}

void
mailin_session_rcpt_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	struct mailin_span line = session->command_line;

	if (yes) {
		mailin_envelope_add_rcpt(&session->mail->envelope, line);
		if (session_limit(session, MAILIN_LIMIT_RCPT_DOMAINS) > 0)
			count_domain(session, line);
	} else {
		session->mail->rcpt_refused = true;
		session_count(&session->refused_rcpts);
		if (session_over(session, MAILIN_LIMIT_REFUSED_RECIPIENTS,
			session->refused_rcpts)) {
			mailin_session_reply_close(session,
			    MAILIN_REPLY_TOO_MANY_ERRORS, MAILIN_CLOSE_LIMIT);
			return;
		}
	}
	session_advance(session, session->event, yes);
	mailin_session_send(session, reply);
}
