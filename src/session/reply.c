/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mailin/codec.h>

#include "octet/span.h"
#include "session/decide.h"

/* Only mailin_session_challenge() makes replies with this code, because their
 * text must be base64. */
#define CHALLENGE_CODE 334

static RARE void
trace_lines(struct mailin_session *session, struct mailin_span octets)
{
	struct mailin_span line;

	while (mailin_span_cut(&octets, '\r', &line)) {
		mailin_session_trace(session, MAILIN_TRACE_OUT, line);
		octets.ptr++;
		octets.len--;
	}
}

/* Report a reply that was queued.  The handler can read the command line only
 * if the command was refused, because a positive reply may have ended the
 * transaction that holds the line.  The handler can never read the line of
 * AUTH, which is secret. */
static NOINLINE void
report(struct mailin_session *session, int code, const char *enhanced,
    struct mailin_span text)
{
	struct mailin_outcome outcome = {
		.kind = (enum mailin_outcome_kind)session->cause,
		.code = code,
		.enhanced = enhanced,
		.text = text,
	};
	bool outer = session->calling;

	if (outcome.kind == MAILIN_OUTCOME_COMMAND ||
	    outcome.kind == MAILIN_OUTCOME_MESSAGE)
		outcome.verb = session->verb;
	session->replying = outcome.kind == MAILIN_OUTCOME_COMMAND &&
	    code >= 400 && session->verb != MAILIN_VERB_AUTH;
	session->calling = true;
	session->handler->replied(session, &outcome, session->user);
	session->calling = outer;
	session->replying = false;
}

/* Must the reply have no enhanced code? */
static inline bool
is_bare(const struct mailin_session *session)
{
	return session->no_enhanced ||
	    !session_offers(session, MAILIN_EXTENSION_ENHANCEDSTATUSCODES);
}

static inline bool
queue_octets(struct mailin_session *session, struct mailin_span octets)
{
	if (!mailin_queue_reserve(&session->queue, session_allocator(session),
		octets.len))
		return false;
	mailin_queue_put(&session->queue, octets.ptr, octets.len);
	if (session->handler->trace != NULL)
		trace_lines(session, octets);
	return true;
}

/* Encode and queue a reply.  Returns false if there is no memory. */
static RARE bool
queue_text(struct mailin_session *session, int code, const char *enhanced,
    struct mailin_span text)
{
	char octets[REPLY_ROOM];
	size_t len = mailin_reply_encode(code, is_bare(session) ? "" : enhanced,
	    text, octets);

	return queue_octets(session, (struct mailin_span){ octets, len });
}

/* Queue a standard reply.  The fast path copies the encoded line.  It needs
 * three conditions: there is no callback "trace", the reply has an enhanced
 * code, and there is room, which each step reserves. */
static inline void
queue_standard(struct mailin_session *session,
    const struct mailin_standard_reply *standard)
{
	if (session->handler->trace == NULL && !is_bare(session) &&
	    mailin_queue_room(&session->queue) >= sizeof standard->line)
		mailin_queue_put_padded(&session->queue, standard->line,
		    sizeof standard->line, standard->line_len);
	else
		(void)queue_text(session, standard->code, standard->enhanced,
		    mailin_span_of(standard->text));
	if (session->handler->replied != NULL)
		report(session, standard->code, standard->enhanced,
		    mailin_span_of(standard->text));
}

/* May a reply be sent now?  Returns false if a PROXY header or a handshake must
 * come first, or if the program has already seen the 220 to STARTTLS. */
static bool
may_speak(struct mailin_session *session)
{
	/* If the program has not seen the 220 yet, the reply replaces it. */
	if (session_awaits_handshake(session))
		return mailin_queue_undo(&session->queue, session->tls_reply);
	return session->state != STATE_TLS_FIRST &&
	    !session_expects_proxy(session);
}

void
mailin_session_reply_close(struct mailin_session *session,
    enum mailin_reply reply, enum mailin_close_reason reason)
{
	if (reason == MAILIN_CLOSE_TIMEOUT || reason == MAILIN_CLOSE_SHUTDOWN ||
	    reason == MAILIN_CLOSE_EARLY_TALK)
		session->cause = MAILIN_OUTCOME_CLOSE;
	if (may_speak(session))
		queue_standard(session, &mailin_standard_replies[reply]);
	mailin_session_close(session, reason);
}

/* Carry out the effects of a queued reply. */
static inline void
after_reply(struct mailin_session *session, unsigned effects)
{
	bool early = session->early;

	session->early = false;
	session->no_enhanced = false;
	if ((effects & REPLY_CLOSES) != 0) {
		/* If the decision is still open, this is a reply to a message.
		 * Send the replies for the other recipients before the end
		 * (RFC 2033 4.2). */
		if (session->decision != NULL)
			session->transaction->closing = true;
		else
			mailin_session_close(session, MAILIN_CLOSE_REFUSED);
		return;
	}
	if ((!session->must_wait && (effects & REPLY_GOES_ON) == 0) ||
	    session_policy(session, MAILIN_POLICY_PIPELINING) !=
		MAILIN_PIPELINING_REJECT)
		return;
	session->wait_for = session->queue.added;
	if (early)
		mailin_session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
}

static RARE void
send_text(struct mailin_session *session, const struct mailin_custom *custom)
{
	enum mailin_reply instead = custom->code < 400 ?
	    session->agreed :
	    mailin_reply_of_class(custom->code);
	struct mailin_span text = { custom->text, custom->len };

	/* There is always room for a standard reply. */
	if (!queue_text(session, custom->code, custom->enhanced, text))
		queue_standard(session, &mailin_standard_replies[instead]);
	else if (session->handler->replied != NULL)
		report(session, custom->code, custom->enhanced, text);
	after_reply(session, REPLY_EFFECTS(custom->code));
}

void
mailin_session_send_custom(struct mailin_session *session,
    enum mailin_reply reply, const struct mailin_custom *custom)
{
	const struct mailin_standard_reply *standard =
	    &mailin_standard_replies[reply];

	if (reply == MAILIN_REPLY_CUSTOM) {
		send_text(session, custom);
		return;
	}
	queue_standard(session, standard);
	after_reply(session, standard->effects);
}

void
mailin_session_send_error(struct mailin_session *session,
    enum mailin_reply reply)
{
	if (mailin_reply_code(reply) / 100 == 5) {
		session_count(&session->errors);
		if (session_close_if_over(session, MAILIN_LIMIT_ERRORS,
			session->errors))
			return;
	}
	mailin_session_send(session, reply);
}

void
mailin_session_send_octets(struct mailin_session *session,
    enum mailin_reply reply, struct mailin_span octets)
{
	if (!queue_octets(session, octets)) {
		mailin_session_reply_close(session, MAILIN_REPLY_NO_RESOURCES,
		    MAILIN_CLOSE_MEMORY);
		return;
	}
	if (session->handler->replied != NULL)
		report(session, session_code(reply, session->custom), "",
		    (struct mailin_span){ NULL, 0 });
	after_reply(session, mailin_standard_replies[reply].effects);
}

/* May a reply be formatted?  Returns true inside a callback that decides, and
 * while its decision is PENDING. */
static bool
may_format(const struct mailin_session *session)
{
	return session->asking || (session->waiting && !session->calling);
}

static enum mailin_reply
set_custom(struct mailin_session *session, struct mailin_custom *custom,
    int code, const char *enhanced)
{
	custom->code = code;
	custom->enhanced[0] = '\0';
	/* RFC 2034 4: a 2xx, 4xx or 5xx reply has an enhanced code of its
	 * class.  The default is X.0.0, which adds no detail (RFC 3463 3.1). */
	if (code / 100 != 3) {
		if (enhanced == NULL || !mailin_enhanced_valid(enhanced, code))
			enhanced = "2.0.0";
		memcpy(custom->enhanced, enhanced, strlen(enhanced) + 1);
		custom->enhanced[0] = (char)('0' + code / 100);
	}
	mailin_free(session_allocator(session), session->custom);
	session->custom = custom;
	return MAILIN_REPLY_CUSTOM;
}

enum mailin_reply
mailin_session_challenge(struct mailin_session *session, const char *octets,
    size_t len)
{
	struct mailin_custom *custom;

	if (!may_format(session) || !session->decision->challenges ||
	    (octets == NULL && len > 0) || len > CHALLENGE_ROOM / 4 * 3)
		return MAILIN_REPLY_INTERNAL_ERROR;
	custom = mailin_alloc(session_allocator(session),
	    sizeof *custom + (len + 2) / 3 * 4);
	if (custom == NULL ||
	    !mailin_queue_reserve(&session->queue, session_allocator(session),
		CHALLENGE_ROOM + 6)) {
		mailin_free(session_allocator(session), custom);
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
	(void)mailin_base64_encode((struct mailin_span){ octets, len },
	    custom->text, &custom->len);
	return set_custom(session, custom, CHALLENGE_CODE, "");
}

/* Returns the reply that replaces a reply which cannot be formatted. */
static enum mailin_reply
reply_instead(int code)
{
	return code == CHALLENGE_CODE ? MAILIN_REPLY_INTERNAL_ERROR :
					mailin_reply_of_class(code);
}

enum mailin_reply
mailin_session_reply_text(struct mailin_session *session, int code,
    const char *enhanced, struct mailin_span text)
{
	struct mailin_custom *custom = NULL;

	if (text.len > REPLY_TEXT)
		text.len = REPLY_TEXT;
	if (code >= 200 && code <= 599 && code != CHALLENGE_CODE &&
	    may_format(session) && is_span_sound(text))
		custom = mailin_alloc(session_allocator(session),
		    sizeof *custom + text.len);
	if (custom == NULL)
		return reply_instead(code);
	custom->len = text.len;
	if (text.len > 0)
		memcpy(custom->text, text.ptr, text.len);
	return set_custom(session, custom, code, enhanced);
}

enum mailin_reply
mailin_session_reply(struct mailin_session *session, int code,
    const char *enhanced, const char *format, ...)
{
	char text[REPLY_TEXT + 1];
	va_list arguments;
	int len;

	if (format == NULL)
		return reply_instead(code);
	va_start(arguments, format);
	len = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (len < 0)
		return reply_instead(code);
	return mailin_session_reply_text(session, code, enhanced,
	    (struct mailin_span){ text, (size_t)len });
}
