/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "literal.h"
#include "session_calls.h"

/*
 * XCLIENT and XFORWARD, as Postfix's documents of those names have them: a
 * proxy that the program trusts tells whom it speaks for.  XCLIENT changes who
 * the client is, and the session begins again; XFORWARD is for the log.
 */

static size_t
values_len(const struct mailin_told *told)
{
	size_t i, len = 0;

	for (i = 0; told != NULL && i < MAILIN_ATTRIBUTE_COUNT; i++)
		len += told->values[i].len;
	return len;
}

/* What was told before and what is told now, which counts; decoded. */
static struct mailin_told *
merge(const struct mailin_allocator *allocator,
    const struct mailin_told *before, const struct mailin_attributes *now)
{
	size_t i, len = values_len(before);
	struct mailin_told *told;
	char *room;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		len += now->values[i].len;
	told = mailin_alloc(allocator, sizeof *told + len);
	if (told == NULL)
		return NULL;
	memset(told, 0, sizeof *told);
	room = told->octets;
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++) {
		struct mailin_span *value = &told->values[i];

		value->ptr = room;
		if (now->values[i].ptr != NULL) {
			(void)mailin_xtext_decode(now->values[i], false, room,
			    &value->len);
		} else if (before != NULL && before->values[i].ptr != NULL) {
			value->len = before->values[i].len;
			memcpy(room, before->values[i].ptr, value->len);
		} else {
			value->ptr = NULL;
		}
		room += value->len;
	}
	return told;
}

static struct mailin_told **
told_by(struct mailin_session *session, enum mailin_event event)
{
	return event == session_event(MAILIN_VERB_XCLIENT)
	    ? &session->claims->xclient : &session->claims->xforward;
}

/* A value that says something: not "[UNAVAILABLE]" or "[TEMPUNAVAIL]". */
static bool
is_told(struct mailin_span value)
{
	return value.ptr != NULL &&
	    !mailin_span_iequal(value, "[UNAVAILABLE]") &&
	    !mailin_span_iequal(value, "[TEMPUNAVAIL]");
}

/* "192.0.2.1" or "IPV6:2001:db8::1", which is a literal without brackets. */
static bool
is_address(struct mailin_span value)
{
	size_t at;
	enum mailin_domain_kind kind;

	if (!is_told(value))
		return true;
	kind = mailin_literal_parse(value, &at);
	return kind == MAILIN_DOMAIN_IPV4 || kind == MAILIN_DOMAIN_IPV6;
}

/* A decimal port, 0 if it is none. */
static unsigned
read_port(struct mailin_span value)
{
	unsigned port = 0;
	size_t i;

	for (i = 0; i < value.len; i++) {
		unsigned digit = (unsigned)(unsigned char)value.ptr[i] - '0';

		if (digit > 9 || port * 10 + digit > 65535)
			return 0;
		port = port * 10 + digit;
	}
	return port;
}

static bool
is_port(struct mailin_span value)
{
	return !is_told(value) || read_port(value) != 0;
}

/* What XCLIENT says of the ends of the connection takes the place of facts, so
 * it must be of their form.  XFORWARD's is for the log and may be anything:
 * "the address may be a non-IP address". */
static bool
is_sound(enum mailin_event event, const struct mailin_span *values)
{
	return event != session_event(MAILIN_VERB_XCLIENT) ||
	    (is_address(values[MAILIN_ATTRIBUTE_ADDR]) &&
	    is_address(values[MAILIN_ATTRIBUTE_DESTADDR]) &&
	    is_port(values[MAILIN_ATTRIBUTE_PORT]) &&
	    is_port(values[MAILIN_ATTRIBUTE_DESTPORT]));
}

void
session_xclient_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_told *telling = NULL;

	if (session_need_claims(session))
		telling = merge(allocator, *told_by(session, session->event),
		    &command->attributes);
	if (telling == NULL) {
		session_send(session, MAILIN_REPLY_OUT_OF_MEMORY);
	} else if (!is_sound(session->event, telling->values)) {
		mailin_free(allocator, telling);
		session_send_error(session, MAILIN_REPLY_BAD_ARGUMENT);
	} else {
		session->claims->telling = telling;
		session_decide(session, DECIDE_XCLIENT, command);
	}
}

/* What stands behind "IPV6:", if that is there; absent if it is not known. */
static struct mailin_span
read_address(struct mailin_span value)
{
	struct mailin_span tag = { value.ptr, 5 };

	if (!is_told(value))
		return (struct mailin_span){ NULL, 0 };
	if (value.len > tag.len && mailin_span_iequal(tag, "IPV6:")) {
		value.ptr += tag.len;
		value.len -= tag.len;
	}
	return value;
}

/*
 * What is told takes the place of what was known of the peer; what is told to
 * be unknown is so: a client is not its proxy.
 */
static bool
change_peer(struct mailin_session *session, const struct mailin_span *told)
{
	struct mailin_peer peer = { .port = 0 };

	if (session->peer != NULL)
		peer = *session->peer;
	if (told[MAILIN_ATTRIBUTE_NAME].ptr != NULL)
		peer.name = is_told(told[MAILIN_ATTRIBUTE_NAME])
		    ? told[MAILIN_ATTRIBUTE_NAME]
		    : (struct mailin_span){ NULL, 0 };
	if (told[MAILIN_ATTRIBUTE_ADDR].ptr != NULL)
		peer.address = read_address(told[MAILIN_ATTRIBUTE_ADDR]);
	if (told[MAILIN_ATTRIBUTE_PORT].ptr != NULL)
		peer.port = read_port(told[MAILIN_ATTRIBUTE_PORT]);
	if (told[MAILIN_ATTRIBUTE_DESTADDR].ptr != NULL)
		peer.local_address =
		    read_address(told[MAILIN_ATTRIBUTE_DESTADDR]);
	if (told[MAILIN_ATTRIBUTE_DESTPORT].ptr != NULL)
		peer.local_port = read_port(told[MAILIN_ATTRIBUTE_DESTPORT]);
	return session_keep_peer(session, &peer);
}

/*
 * Become the client that is told.  LOGIN: the proxy has seen to AUTH itself.
 * HELO must come anew.  All memory, that of the greeting too, is taken before
 * anything is changed; false if there is none.
 */
static bool
change_client(struct mailin_session *session, const struct mailin_span *told)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_span login = told[MAILIN_ATTRIBUTE_LOGIN];
	char *identity = NULL;

	if (is_told(login) && login.len > 0 &&
	    (identity = mailin_copy(allocator, login)) == NULL)
		return false;
	if (!mailin_queue_reserve(&session->queue, allocator, REPLY_ROOM) ||
	    !change_peer(session, told)) {
		mailin_free(allocator, identity);
		return false;
	}
	mailin_free(allocator, session->identity);
	session->identity = identity;
	session_free_name(session, session->helo_name);
	session->helo_name = NULL;
	session->greeting = MAILIN_VERB_UNKNOWN;
	session_renew(session);
	return true;
}

void
session_xclient_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_told **told = told_by(session, session->event);
	struct mailin_told *telling = session->claims->telling;
	bool greets = yes && told == &session->claims->xclient;

	session->claims->telling = NULL;
	if (greets && !change_client(session, telling->values)) {
		yes = greets = false;
		reply = MAILIN_REPLY_OUT_OF_MEMORY;
	}
	if (yes) {
		mailin_free(allocator, *told);
		*told = telling;
	} else {
		mailin_free(allocator, telling);
	}
	session_advance(session, session->event, yes);
	if (!greets) {
		session_send(session, reply);
		return;
	}
	/* XCLIENT_README: all begins anew, what XFORWARD told of another
	 * client too, and the reply is a greeting. */
	session_clear(session);
	session->event = EVENT_CONNECT;
	session_send_greeting(session, MAILIN_REPLY_GREETING);
}

struct mailin_span
mailin_session_attribute(const struct mailin_session *session,
    enum mailin_verb verb, enum mailin_attribute attribute)
{
	const struct mailin_told *told = verb == MAILIN_VERB_XCLIENT
	    ? session->claims->xclient : session->claims->xforward;

	return told != NULL && (unsigned)attribute < MAILIN_ATTRIBUTE_COUNT
	    ? told->values[attribute] : (struct mailin_span){ NULL, 0 };
}
