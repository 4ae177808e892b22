/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/ask.h"

/* One row for each decision: the callback, the reply if the handler does not
 * have it (handler.h), the reply that OK means, and the custom replies that
 * mean yes: a class, or the one code that the RFC allows (5321 3.1 and 4.1.1.4,
 * 3207 4). */
struct question {
	uint16_t callback; /* offset in the handler */
	uint8_t none;      /* enum mailin_reply */
	uint8_t ok;        /* enum mailin_reply */
	uint16_t agrees;
};

#define QUESTION(name, none, ok, agrees) \
	{ \
		offsetof(struct mailin_handler, name), MAILIN_REPLY_##none, \
		    MAILIN_REPLY_##ok, agrees \
	}

/* clang-format off */
static const struct question questions[DECIDE_COUNT] = {
[DECIDE_CONNECT]    = QUESTION(connect, GREETING, GREETING, 220),
[DECIDE_HELO]       = QUESTION(helo, DONE, DONE, 2),
[DECIDE_STARTTLS]   = QUESTION(starttls, START_TLS, START_TLS, 220),
[DECIDE_AUTH]       = QUESTION(auth, BAD_CREDENTIALS, AUTH_OK, 2),
[DECIDE_SASL]       = QUESTION(sasl, BAD_MECHANISM, AUTH_OK, 2),
[DECIDE_MAIL]       = QUESTION(mail, SENDER_OK, SENDER_OK, 2),
[DECIDE_RCPT]       = QUESTION(rcpt, RELAY_DENIED, RECIPIENT_OK, 2),
[DECIDE_PARAMETER]  = QUESTION(unknown_parameter, BAD_PARAMETER, DONE, 2),
[DECIDE_DATA_START] = QUESTION(data_start, START_DATA, START_DATA, 354),
[DECIDE_DATA]       = QUESTION(data, INTERNAL_ERROR, DONE, 2),
[DECIDE_BURL]       = QUESTION(burl, INTERNAL_ERROR, DONE, 2),
[DECIDE_DATA_END]   = QUESTION(data_end, DONE, DONE, 2),
[DECIDE_VRFY]       = QUESTION(vrfy, CANNOT_VERIFY, CANNOT_VERIFY, 2),
[DECIDE_EXPN]       = QUESTION(expn, NOT_OFFERED, DONE, 2),
[DECIDE_HELP]       = QUESTION(help, HELP, HELP, 2),
[DECIDE_ETRN]       = QUESTION(etrn, NOT_OFFERED, DONE, 2),
[DECIDE_XCLIENT]    = QUESTION(xclient, REFUSED, DONE, 2),
[DECIDE_VERB]       = QUESTION(unknown_verb, UNKNOWN_VERB, DONE, 2),
};
/* clang-format on */

/* Does the handler have the callback for this decision? */
static inline bool
is_handled(const struct mailin_session *session, enum mailin_decision decision)
{
	void (*callback)(void);

	memcpy(&callback,
	    (const char *)session->handler + questions[decision].callback,
	    sizeof callback);
	return callback != NULL;
}

/* The decisions for which a positive standard reply is allowed
 * (mailin/reply.h).  DONE says no more than 250, so it is allowed wherever a
 * 250 is. */
#define AT(name) (UINT32_C(1) << DECIDE_##name)

/* clang-format off */
static const uint32_t places[MAILIN_REPLY_COUNT] = {
[MAILIN_REPLY_HELP]          = AT(HELP),
[MAILIN_REPLY_GREETING]      = AT(CONNECT),
[MAILIN_REPLY_START_TLS]     = AT(STARTTLS),
[MAILIN_REPLY_AUTH_OK]       = AT(AUTH) | AT(SASL),
[MAILIN_REPLY_DONE]          = AT(HELO) | AT(AUTH) | AT(SASL) | AT(MAIL) |
    AT(RCPT) | AT(PARAMETER) | AT(DATA) | AT(BURL) | AT(DATA_END) | AT(VRFY) |
    AT(EXPN) | AT(HELP) | AT(ETRN) | AT(XCLIENT) | AT(VERB),
[MAILIN_REPLY_SENDER_OK]     = AT(MAIL),
/* RFC 3463 3.2: the address was valid.  For DATA_END: RFC 2033 4.2. */
[MAILIN_REPLY_RECIPIENT_OK]  = AT(RCPT) | AT(VRFY) | AT(EXPN) | AT(DATA_END),
[MAILIN_REPLY_CANNOT_VERIFY] = AT(VRFY) | AT(EXPN),
[MAILIN_REPLY_START_DATA]    = AT(DATA_START),
};
/* clang-format on */

#define ASK(name, ...) \
	session->handler->name(session, __VA_ARGS__ session->user)

static enum mailin_reply
ask(struct mailin_session *session, const void *subject)
{
	const struct mailin_command *command = subject;
	const struct mailin_strange *strange = subject;

	switch (session->decision) {
	case DECIDE_CONNECT:
		return ASK(connect, );
	case DECIDE_HELO:
		return ASK(helo, command->verb, &command->helo, );
	case DECIDE_STARTTLS:
		return ASK(starttls, );
	case DECIDE_AUTH:
		return ASK(auth, subject, );
	case DECIDE_SASL:
		return ASK(sasl, subject, );
	case DECIDE_MAIL:
		return ASK(mail, &command->mail, );
	case DECIDE_RCPT:
		return ASK(rcpt, &command->rcpt, );
	case DECIDE_PARAMETER:
		return ASK(unknown_parameter, strange->verb, strange->keyword,
		    strange->value, );
	case DECIDE_DATA_START:
		return ASK(data_start, );
	case DECIDE_DATA:
		return ASK(data, *(const struct mailin_span *)subject, );
	case DECIDE_BURL:
		return ASK(burl, &command->burl, );
	case DECIDE_DATA_END:
		return ASK(data_end, subject, );
	case DECIDE_VRFY:
		return ASK(vrfy, &command->text, );
	case DECIDE_EXPN:
		return ASK(expn, &command->text, );
	case DECIDE_HELP:
		return ASK(help, &command->text, );
	case DECIDE_ETRN:
		return ASK(etrn, &command->text, );
	case DECIDE_XCLIENT:
		return ASK(xclient, command->verb, &command->attributes, );
	case DECIDE_VERB:
		return ASK(unknown_verb, &command->unknown, );
	default:
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
}

/*
 * The caller's octets are gone when a PENDING decision comes back, so the
 * command line may have to be copied.  Reserve room for it before the handler
 * is asked: after the lines of the transaction, where the lines of MAIL and
 * RCPT are kept, or in the carry if the session has no block for a transaction.
 */
static bool
reserve_line(struct mailin_session *session)
{
	size_t len = session->command_line.len;

	if (session->line.given || len == 0)
		return true;
	return session_has_mail(session) ?
	    mailin_envelope_reserve_line(&session->mail->envelope,
		session_allocator(session), len) :
	    mailin_buffer_reserve(&session->line.carry,
		session_allocator(session), len);
}

static void
keep_line(struct mailin_session *session)
{
	struct mailin_span *line = &session->command_line;
	struct mailin_buffer *carry = &session->line.carry;

	if (session->line.given || line->len == 0)
		return;
	if (session_has_mail(session)) {
		line->ptr = mailin_envelope_keep_line(&session->mail->envelope,
		    *line);
		return;
	}
	mailin_buffer_append(carry, line->ptr, line->len);
	session->line.given = true;
	line->ptr = carry->octets;
}

/* Ask with a new token; the reply may be PENDING.  If the callback called
 * resume itself and then returned PENDING, use the reply given to resume. */
static enum mailin_reply
ask_with_token(struct mailin_session *session, const void *subject)
{
	session_begin_asking(session);
	return session_end_asking(session, ask(session, subject));
}

RARE void
mailin_session_drop_custom(struct mailin_session *session)
{
	mailin_free(session_allocator(session), session->custom);
	session->custom = NULL;
}

static enum mailin_reply
ask_handler(struct mailin_session *session, const void *subject)
{
	if (session->custom != NULL)
		mailin_session_drop_custom(session);
	return reserve_line(session) ? ask_with_token(session, subject) :
				       MAILIN_REPLY_OUT_OF_MEMORY;
}

static enum mailin_reply
default_answer(const struct mailin_session *session)
{
	return (enum mailin_reply)questions[session->decision].none;
}

/* Does a positive reply fit this decision? */
static bool
agrees(enum mailin_decision decision, enum mailin_reply reply, int code)
{
	int want = questions[decision].agrees;

	if (reply != MAILIN_REPLY_CUSTOM)
		return (places[reply] >> decision & 1) != 0;
	return want < 10 ? code / 100 == want : code == want;
}

/* Returns the reply to send for what the handler returned.  A reply that makes
 * no sense is the application's error: 451, so that the client tries again. */
static enum mailin_reply
settle(const struct mailin_session *session, enum mailin_decision decision,
    enum mailin_reply reply)
{
	int code;

	if (reply == MAILIN_REPLY_OK)
		return (enum mailin_reply)questions[decision].ok;
	if ((unsigned)reply >= MAILIN_REPLY_COUNT ||
	    session_is_unformatted(session, reply))
		return MAILIN_REPLY_INTERNAL_ERROR;
	code = session_code(reply, session->custom);
	/* A mechanism's challenge is neither yes nor no. */
	if (decision == DECIDE_SASL && code == 334 &&
	    reply == MAILIN_REPLY_CUSTOM)
		return reply;
	return code >= 400 || agrees(decision, reply, code) ?
	    reply :
	    MAILIN_REPLY_INTERNAL_ERROR;
}

/* Record the checked reply; session_settle() will carry it out. */
static inline void
answer(struct mailin_session *session, enum mailin_reply reply)
{
	session->waiting = false;
	session->answered = true;
	session->answer = reply;
}

void
mailin_session_answer(struct mailin_session *session, enum mailin_reply reply)
{
	session->agreed = (enum mailin_reply)questions[session->decision].ok;
	answer(session, settle(session, session->decision, reply));
}

void
mailin_session_take_answer(struct mailin_session *session,
    enum mailin_reply reply)
{
	if (reply == MAILIN_REPLY_PENDING) {
		keep_line(session);
		session->waiting = true;
	} else {
		mailin_session_answer(session, reply);
	}
}

void
mailin_session_decide(struct mailin_session *session,
    enum mailin_decision decision, const void *subject)
{

	session->decision = decision;
	if (!is_handled(session, decision)) {
		answer(session, default_answer(session));
		return;
	}
	mailin_session_take_answer(session, ask_handler(session, subject));
}

/* Record the reply to the message, in LMTP for one recipient, with its text. */
static void
set_verdict(struct mailin_session *session, struct mailin_verdict *verdict,
    enum mailin_reply reply)
{
	if (reply != MAILIN_REPLY_PENDING)
		reply = settle(session, DECIDE_DATA_END, reply);
	verdict->token = session->token;
	verdict->reply = reply;
	if (reply != MAILIN_REPLY_PENDING &&
	    session_code(reply, session->custom) < 400)
		session->mail->accepted = true;
	if (reply == MAILIN_REPLY_CUSTOM) {
		verdict->custom = session->custom;
		session->custom = NULL;
	}
}

static struct mailin_verdict *
verdict_at(const struct mailin_session *session, size_t index)
{
	return &session->mail->envelope.recipients[index].verdict;
}

/* Advance decided to the first verdict that is still PENDING.  Verdicts before
 * it are final and are not looked at again, so the total work is linear in any
 * order of resumes. */
static void
find_waiting(struct mailin_session *session)
{
	size_t count = session_message_replies(session);

	while (session->mail->decided < count &&
	    verdict_at(session, session->mail->decided)->reply !=
		MAILIN_REPLY_PENDING)
		session->mail->decided++;
	session->waiting = session->mail->decided < count;
}

/* Ask about the message, or, if rcpt is not NULL, about one recipient. */
static enum mailin_reply
ask_verdict(struct mailin_session *session, const struct mailin_rcpt *rcpt)
{
	return is_handled(session, DECIDE_DATA_END) ?
	    ask_handler(session, rcpt) :
	    default_answer(session);
}

/* RFC 2033 4.2: each recipient has its own verdict. */
static RARE void
decide_each(struct mailin_session *session)
{
	struct mailin_rcpt rcpt;
	size_t i;

	for (i = 0; i < session->mail->envelope.count && !session->freeing;
	     i++) {
		(void)mailin_session_rcpt(session, i, &rcpt);
		set_verdict(session, verdict_at(session, i),
		    ask_verdict(session, &rcpt));
	}
}

void
mailin_session_decide_message(struct mailin_session *session)
{
	session->decision = DECIDE_DATA_END;
	session->agreed = MAILIN_REPLY_DONE;
	session->mail->decided = 0;
	if (session_is_lmtp(session))
		decide_each(session);
	else
		set_verdict(session, verdict_at(session, 0),
		    ask_verdict(session, NULL));
	find_waiting(session);
}

enum mailin_error
mailin_session_answer_message(struct mailin_session *session, uint64_t token,
    enum mailin_reply reply)
{
	/* The verdicts have consecutive tokens. */
	uint64_t index = token - verdict_at(session, 0)->token;
	struct mailin_verdict *verdict;

	if (index >= session_message_replies(session))
		return MAILIN_ERROR_STALE;
	verdict = verdict_at(session, (size_t)index);
	if (verdict->reply != MAILIN_REPLY_PENDING)
		return MAILIN_ERROR_STALE;
	if (session_is_unformatted(session, reply))
		return MAILIN_ERROR_ARGUMENT;
	session->token = token;
	set_verdict(session, verdict, reply);
	find_waiting(session);
	return MAILIN_OK;
}

uint64_t
mailin_session_decision(const struct mailin_session *session)
{
	if (session->calling)
		return session->asking ? session->token : 0;
	if (!session->waiting)
		return 0;
	return session->decision == DECIDE_DATA_END ?
	    verdict_at(session, session->mail->decided)->token :
	    session->token;
}
