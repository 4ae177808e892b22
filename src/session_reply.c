/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "session_data.h"

/* The reply to a command, and the one that ends the session behind it. */
#define STEP_ROOM (2 * REPLY_STANDARD_ROOM)

bool
session_reserve(struct mailin_session *session)
{
	return mailin_queue_reserve(&session->queue,
	    session_allocator(session), STEP_ROOM);
}

bool
session_has_room(const struct mailin_session *session)
{
	return mailin_queue_len(&session->queue) + REPLY_ROOM <=
	    session_limit(session, MAILIN_LIMIT_OUTPUT);
}

static void
trace_lines(struct mailin_session *session, struct mailin_span octets)
{
	while (octets.len > 0) {
		const char *end = memchr(octets.ptr, '\r', octets.len);
		size_t len = (size_t)(end - octets.ptr);

		session_trace(session, MAILIN_TRACE_OUT,
		    (struct mailin_span){ octets.ptr, len });
		octets.ptr += len + 2;
		octets.len -= len + 2;
	}
}

/* RFC 2034 3: not in the greeting, in replies to HELO and EHLO, in 3xx. */
static bool
is_plain(const struct mailin_session *session, int code)
{
	return code / 100 == 3 || session->event == EVENT_CONNECT ||
	    session->event == (enum mailin_event)MAILIN_VERB_HELO ||
	    session->event == (enum mailin_event)MAILIN_VERB_EHLO ||
	    session->event == (enum mailin_event)MAILIN_VERB_LHLO ||
	    !mailin_config_extension(session->config,
	    MAILIN_EXTENSION_ENHANCEDSTATUSCODES);
}

/* Encode and queue; false if memory is gone. */
static bool
queue_text(struct mailin_session *session, int code, const char *enhanced,
    struct mailin_span text)
{
	char octets[REPLY_ROOM];
	size_t len = mailin_reply_encode(code,
	    is_plain(session, code) ? "" : enhanced, text, octets);

	if (!mailin_queue_reserve(&session->queue,
	    session_allocator(session), len))
		return false;
	mailin_queue_put(&session->queue, octets, len);
	trace_lines(session, (struct mailin_span){ octets, len });
	return true;
}

void
session_queue_reply(struct mailin_session *session, enum mailin_reply reply)
{
	(void)queue_text(session, mailin_reply_code(reply),
	    mailin_reply_enhanced(reply),
	    mailin_span_of(mailin_reply_text(reply)));
}

void
session_reply_close(struct mailin_session *session, enum mailin_reply reply,
    enum mailin_close_reason reason)
{
	/* RFC 3207 4.2: nothing in clear behind the 220 to STARTTLS. */
	if (session->state != STATE_TLS && session_reserve(session))
		session_queue_reply(session, reply);
	session_close(session, reason);
}

int
session_code(enum mailin_reply reply, const struct mailin_custom *custom)
{
	return reply == MAILIN_REPLY_CUSTOM ? custom->code
	    : mailin_reply_code(reply);
}

static bool
closes(enum mailin_reply reply, int code)
{
	return code == 421 || code == 521 ||
	    reply == MAILIN_REPLY_BLOCKED_IP ||
	    reply == MAILIN_REPLY_BAD_HELLO;
}

/* The reply to session->event is queued: what follows from that? */
static void
after_reply(struct mailin_session *session, enum mailin_reply reply, int code)
{
	bool early = session->early;

	session->early = false;
	if (closes(reply, code)) {
		session_close(session, MAILIN_CLOSE_REFUSED);
		return;
	}
	if (!session->must_wait && code != 334 && code != 354)
		return;
	session->wait_for = session->queue.added;
	if (early && session_policy(session, MAILIN_POLICY_PIPELINING) ==
	    MAILIN_PIPELINING_REJECT)
		session_reply_close(session, MAILIN_REPLY_EARLY_TALK,
		    MAILIN_CLOSE_EARLY_TALK);
}

void
session_send_custom(struct mailin_session *session, enum mailin_reply reply,
    const struct mailin_custom *custom)
{
	int code = session_code(reply, custom);

	if (reply != MAILIN_REPLY_CUSTOM) {
		session_queue_reply(session, reply);
	} else if (!queue_text(session, code, custom->enhanced,
	    (struct mailin_span){ custom->text, custom->len })) {
		/* Room for a standard reply is always reserved. */
		reply = mailin_reply_of_class(code);
		if (reply == MAILIN_REPLY_OK)
			reply = MAILIN_REPLY_DONE;
		session_queue_reply(session, reply);
	}
	after_reply(session, reply, code);
}

void
session_send(struct mailin_session *session, enum mailin_reply reply)
{
	session_send_custom(session, reply, session->custom);
}

void
session_send_error(struct mailin_session *session, enum mailin_reply reply)
{
	if (mailin_reply_code(reply) / 100 == 5) {
		session_count(&session->errors);
		if (session_over(session, MAILIN_LIMIT_ERRORS,
		    session->errors)) {
			session_reply_close(session,
			    MAILIN_REPLY_TOO_MANY_ERRORS, MAILIN_CLOSE_LIMIT);
			return;
		}
	}
	session_send(session, reply);
}

void
session_send_challenge(struct mailin_session *session, const char *base64)
{
	(void)queue_text(session, 334, "", mailin_span_of(base64));
	after_reply(session, MAILIN_REPLY_CHALLENGE, 334);
}

bool
session_offers(const struct mailin_session *session,
    enum mailin_extension extension)
{
	if (extension == MAILIN_EXTENSION_STARTTLS && session->tls != NULL)
		return false;
	if (extension == MAILIN_EXTENSION_REQUIRETLS && session->tls == NULL)
		return false;
	return mailin_config_extension(session->config, extension);
}

bool
session_offers_auth(const struct mailin_session *session)
{
	if (session->identity != NULL)
		return false;
	if (session_policy(session, MAILIN_POLICY_TLS) !=
	    MAILIN_TLS_OPTIONAL && session->tls == NULL)
		return false;
	return session->config->mechanisms != 0 &&
	    session_policy(session, MAILIN_POLICY_AUTH) != MAILIN_AUTH_OFF;
}

/* The lines of the reply to EHLO: its first line, then a keyword each. */
struct offer {
	char   text[REPLY_TEXT];
	size_t len;
};

static void
offer_add(struct offer *offer, const char *text)
{
	size_t len = strlen(text);

	if (len > sizeof offer->text - offer->len)
		return;
	memcpy(offer->text + offer->len, text, len);
	offer->len += len;
}

static void
offer_mechanisms(struct offer *offer, const struct mailin_config *config)
{
	int i;

	offer_add(offer, "\nAUTH");
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		if (mailin_config_mechanism(config, (enum mailin_mechanism)i)) {
			offer_add(offer, " ");
			offer_add(offer, mailin_mechanism_name(
			    (enum mailin_mechanism)i));
		}
}

static void
offer_extensions(struct offer *offer, const struct mailin_session *session)
{
	uint64_t size = session_limit(session, MAILIN_LIMIT_MESSAGE_SIZE);
	char number[24];
	int i;

	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		enum mailin_extension extension = (enum mailin_extension)i;

		if (!session_offers(session, extension))
			continue;
		offer_add(offer, "\n");
		offer_add(offer, mailin_extension_name(extension));
		if (extension == MAILIN_EXTENSION_SIZE && size != 0) {
			(void)snprintf(number, sizeof number, " %llu",
			    (unsigned long long)size);
			offer_add(offer, number);
		}
	}
	if (session_offers_auth(session))
		offer_mechanisms(offer, session->config);
}

/* RFC 5321 4.3.1, 4.1.1.1: the name of the host comes first. */
static void
offer_name(struct offer *offer, const struct mailin_session *session)
{
	offer_add(offer, session->config->hostname);
	if (session->event == EVENT_CONNECT)
		offer_add(offer, session_is_lmtp(session) ? " LMTP" : " ESMTP");
}

void
session_send_greeting(struct mailin_session *session,
    enum mailin_reply reply)
{
	const struct mailin_custom *custom = session->custom;
	int code = session_code(reply, custom);
	struct offer offer = { .len = 0 };

	if (reply == MAILIN_REPLY_CUSTOM) {
		memcpy(offer.text, custom->text, custom->len);
		offer.len = custom->len;
	} else {
		offer_name(&offer, session);
	}
	if (session->event == (enum mailin_event)MAILIN_VERB_EHLO ||
	    session->event == (enum mailin_event)MAILIN_VERB_LHLO)
		offer_extensions(&offer, session);
	if (!queue_text(session, code, "",
	    (struct mailin_span){ offer.text, offer.len })) {
		session_reply_close(session, MAILIN_REPLY_NO_RESOURCES,
		    MAILIN_CLOSE_MEMORY);
		return;
	}
	after_reply(session, reply, code);
}

/* Whether a reply is asked for: by the callback that runs, or by one that
 * answered PENDING. */
static bool
may_format(const struct mailin_session *session)
{
	return session->decision != DECIDE_NOTHING &&
	    (session->calling || session->waiting);
}

static struct mailin_custom *
format_custom(struct mailin_session *session, const char *format,
    va_list arguments)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	char text[REPLY_TEXT + 1];
	int len = vsnprintf(text, sizeof text, format, arguments);
	struct mailin_custom *custom;

	if (len < 0)
		return NULL;
	if (len > REPLY_TEXT)
		len = REPLY_TEXT;
	custom = mailin_alloc(allocator, sizeof *custom + (size_t)len);
	if (custom == NULL)
		return NULL;
	custom->len = (size_t)len;
	memcpy(custom->text, text, (size_t)len);
	return custom;
}

enum mailin_reply
mailin_session_reply(struct mailin_session *session, int code,
    const char *enhanced, const char *format, ...)
{
	struct mailin_custom *custom;
	va_list arguments;

	if (code < 200 || code > 599 || !may_format(session) ||
	    (enhanced[0] != '\0' && !mailin_enhanced_valid(enhanced, code)))
		return mailin_reply_of_class(code);
	va_start(arguments, format);
	custom = format_custom(session, format, arguments);
	va_end(arguments);
	if (custom == NULL)
		return mailin_reply_of_class(code);
	custom->code = code;
	memcpy(custom->enhanced, enhanced, strlen(enhanced) + 1);
	mailin_free(session_allocator(session), session->custom);
	session->custom = custom;
	return MAILIN_REPLY_CUSTOM;
}
