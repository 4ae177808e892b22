/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "octet/ip_address.h"
#include "octet/number.h"
#include "octet/span.h"
#include "command/literal.h"
#include "session/decide.h"

/*
 * XCLIENT and XFORWARD, as in Postfix's XCLIENT_README and XFORWARD_README.  A
 * proxy that the program trusts names its client.  XCLIENT replaces the
 * client, and the session begins again.  XFORWARD is only for the log.
 *
 * After XCLIENT, the octets on the connection come from that client, so the
 * trust in the proxy ends.  Both commands are then off, unless the program
 * switches them on for the new client.
 */

static size_t
values_len(const struct mailin_span *values)
{
	size_t i, len = 0;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		len += values[i].len;
	return len;
}

/*
 * An earlier command gave a value for the attribute, and this command gives
 * none.  Returns true if the earlier value still holds.  Each value of XFORWARD
 * still holds, because several commands may describe one client.  For XCLIENT,
 * LOGIN, HELO and PROTO do not hold any more, because they belong to "the last
 * XCLIENT command" (XCLIENT_README; Postfix logs the old user out).  NAME and
 * PORT do not hold any more if this command gives a new address.
 */
static bool
still_holds(enum mailin_verb verb, const struct mailin_attributes *now,
    size_t attribute)
{
	if (verb != MAILIN_VERB_XCLIENT)
		return true;
	switch ((enum mailin_attribute)attribute) {
	case MAILIN_ATTRIBUTE_LOGIN:
	case MAILIN_ATTRIBUTE_HELO:
	case MAILIN_ATTRIBUTE_PROTO:
		return false;
	case MAILIN_ATTRIBUTE_NAME:
	case MAILIN_ATTRIBUTE_PORT:
		return now->values[MAILIN_ATTRIBUTE_ADDR].ptr == NULL;
	default:
		return true;
	}
}

/* Is the value known?  Returns false if it is absent, "[UNAVAILABLE]" or
 * "[TEMPUNAVAIL]". */
static bool
is_given(struct mailin_span value)
{
	return value.ptr != NULL &&
	    !mailin_span_iequal(value, "[UNAVAILABLE]") &&
	    !mailin_span_iequal(value, "[TEMPUNAVAIL]");
}

/* Returns the address without "IPV6:", or an absent span if it is unknown. */
static struct mailin_span
read_address(struct mailin_span value)
{
	if (!is_given(value))
		return (struct mailin_span){ NULL, 0 };
	(void)mailin_span_cut_prefix(&value, "IPV6:");
	return value;
}

/* Returns the decoded attributes of this command, with the earlier values that
 * still hold.  Returns NULL if there is no memory. */
static struct mailin_attribute_values *
merge(struct mailin_session *session,
    const struct mailin_attribute_values *before,
    const struct mailin_attributes *now)
{
	size_t i, len = values_len(now->values);
	struct mailin_attribute_values *merged;
	char *room;

	if (before != NULL)
		len += values_len(before->values);
	merged = mailin_alloc_clear(session_allocator(session),
	    sizeof *merged + len);
	if (merged == NULL)
		return NULL;
	room = merged->octets;
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++) {
		struct mailin_span *value = &merged->values[i];

		value->ptr = room;
		if (now->values[i].ptr != NULL) {
			(void)mailin_xtext_decode(now->values[i], false, room,
			    &value->len);
		} else if (before != NULL && before->values[i].ptr != NULL &&
		    still_holds(session->verb, now, i)) {
			value->len = before->values[i].len;
			memcpy(room, before->values[i].ptr, value->len);
		} else {
			value->ptr = NULL;
		}
		room += value->len;
	}
	return merged;
}

static struct mailin_attribute_values **
attributes_of(struct mailin_session *session, enum mailin_verb verb)
{
	return verb == MAILIN_VERB_XCLIENT ? &session->proxy_facts->xclient :
					     &session->proxy_facts->xforward;
}

/* Returns true if the value is an address literal without brackets, such as
 * "192.0.2.1" or "IPV6:2001:db8::1", or if it is unknown. */
static bool
is_address(struct mailin_span value)
{
	size_t at;
	enum mailin_domain_kind kind;

	if (!is_given(value))
		return true;
	kind = mailin_literal_parse(value, &at);
	return kind == MAILIN_DOMAIN_IPV4 || kind == MAILIN_DOMAIN_IPV6;
}

/* Returns the port, or 0 if the value is not a decimal port. */
static unsigned
read_port(struct mailin_span value)
{
	uint64_t port;

	return number_read(value, &port) && port <= 65535 ? (unsigned)port : 0;
}

static bool
is_port(struct mailin_span value)
{
	return !is_given(value) || read_port(value) != 0;
}

/* The addresses and ports of XCLIENT must be well-formed, because they replace
 * those of the connection.  Those of XFORWARD are for the log, and may be any
 * text: "the address may be a non-IP address". */
static bool
is_sound(enum mailin_verb verb, const struct mailin_span *values)
{
	return verb != MAILIN_VERB_XCLIENT ||
	    (is_address(values[MAILIN_ATTRIBUTE_ADDR]) &&
		is_address(values[MAILIN_ATTRIBUTE_DESTADDR]) &&
		is_port(values[MAILIN_ATTRIBUTE_PORT]) &&
		is_port(values[MAILIN_ATTRIBUTE_DESTPORT]));
}

/* If an IPv4 address was received in the form of an IPv6 address, replace it by
 * its plain form, such as 192.0.2.1.  The plain form is never longer. */
static void
make_plain(struct mailin_attribute_values *attributes,
    enum mailin_attribute attribute)
{
	struct mailin_span *value = &attributes->values[attribute];
	char plain[IP_ADDRESS_ROOM];

	if (!mailin_ip_plain(read_address(*value), plain) ||
	    strchr(plain, ':') != NULL)
		return;
	value->len = strlen(plain);
	memcpy(attributes->octets + (value->ptr - attributes->octets), plain,
	    value->len);
}

/* Returns the peer that XCLIENT names.  Each attribute of the command replaces
 * the value of the current peer.  An attribute that is sent as unknown is
 * cleared, because the current value is the proxy's.  A new address clears the
 * old name and port. */
static struct mailin_peer *
make_peer(const struct mailin_session *session,
    const struct mailin_span *values)
{
	struct mailin_peer peer = { .port = 0 };

	if (session->peer != NULL)
		peer = *session->peer;
	if (values[MAILIN_ATTRIBUTE_ADDR].ptr != NULL) {
		peer.address = read_address(values[MAILIN_ATTRIBUTE_ADDR]);
		peer.name = (struct mailin_span){ NULL, 0 };
		peer.port = 0;
	}
	if (values[MAILIN_ATTRIBUTE_NAME].ptr != NULL)
		peer.name = is_given(values[MAILIN_ATTRIBUTE_NAME]) ?
		    values[MAILIN_ATTRIBUTE_NAME] :
		    (struct mailin_span){ NULL, 0 };
	if (values[MAILIN_ATTRIBUTE_PORT].ptr != NULL)
		peer.port = read_port(values[MAILIN_ATTRIBUTE_PORT]);
	if (values[MAILIN_ATTRIBUTE_DESTADDR].ptr != NULL)
		peer.local_address = read_address(
		    values[MAILIN_ATTRIBUTE_DESTADDR]);
	if (values[MAILIN_ATTRIBUTE_DESTPORT].ptr != NULL)
		peer.local_port = read_port(values[MAILIN_ATTRIBUTE_DESTPORT]);
	return mailin_session_copy_peer(session, &peer);
}

static void
drop_new_attributes(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_proxy_facts *facts = session->proxy_facts;

	mailin_free(allocator, facts->new_attributes);
	mailin_free(allocator, facts->next_peer);
	mailin_free(allocator, facts->next_identity);
	facts->new_attributes = NULL;
	facts->next_peer = NULL;
	facts->next_identity = NULL;
}

/* Prepare the client that XCLIENT names, so that the handler can look at it.
 * LOGIN is a user whom the proxy has authenticated.  Returns false if there is
 * no memory. */
static bool
make_next(struct mailin_session *session)
{
	struct mailin_proxy_facts *facts = session->proxy_facts;
	const struct mailin_span *values = facts->new_attributes->values;
	struct mailin_span login = values[MAILIN_ATTRIBUTE_LOGIN];

	if (is_given(login)) {
		facts->next_identity = mailin_copy(session_allocator(session),
		    login);
		if (facts->next_identity == NULL)
			return false;
	}
	facts->next_peer = make_peer(session, values);
	facts->next_extensions = session->extensions & ~WORDS_OF_PROXIES;
	return facts->next_peer != NULL;
}

void
mailin_session_xclient_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	struct mailin_attribute_values *new_attributes = NULL;

	if (mailin_session_need_proxy_facts(session))
		new_attributes = merge(session,
		    *attributes_of(session, session->verb),
		    &command->attributes);
	if (new_attributes == NULL) {
		mailin_session_send(session, MAILIN_REPLY_OUT_OF_MEMORY);
		return;
	}
	session->proxy_facts->new_attributes = new_attributes;
	if (!is_sound(session->verb, new_attributes->values)) {
		drop_new_attributes(session);
		mailin_session_send_error(session, MAILIN_REPLY_BAD_ARGUMENT);
		return;
	}
	make_plain(new_attributes, MAILIN_ATTRIBUTE_ADDR);
	make_plain(new_attributes, MAILIN_ATTRIBUTE_DESTADDR);
	if (command->verb == MAILIN_VERB_XCLIENT && !make_next(session)) {
		drop_new_attributes(session);
		mailin_session_send(session, MAILIN_REPLY_OUT_OF_MEMORY);
	} else {
		mailin_session_decide(session, &mailin_decide_xclient, command);
	}
}

/* Replace the peer.  Keep the first peer: STARTTLS forgets what XCLIENT said
 * before TLS, and restores the first peer (RFC 3207 4.2). */
static void
change_peer(struct mailin_session *session)
{
	struct mailin_proxy_facts *facts = session->proxy_facts;

	if (facts->xclient == NULL && session->tls == NULL)
		facts->first_peer = session->peer;
	else
		mailin_free(session_allocator(session), session->peer);
	session->peer = facts->next_peer;
	facts->next_peer = NULL;
}

/* The client that XCLIENT names becomes the client of the session, and must
 * send HELO again.  Reserve memory for the greeting first.  Returns false,
 * without a change, if there is no memory. */
static bool
change_client(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_proxy_facts *facts = session->proxy_facts;

	if (!mailin_queue_reserve(&session->queue, allocator, REPLY_ROOM))
		return false;
	change_peer(session);
	mailin_free(allocator, session->identity);
	session->identity = facts->next_identity;
	facts->next_identity = NULL;
	mailin_session_free_name(session, session->helo_name);
	session->helo_name = NULL;
	session->helo_verb = MAILIN_VERB_UNKNOWN;
	facts->proxy_has_tls |= session->tls != NULL;
	facts->withdrawn |= WORDS_OF_PROXIES;
	session->extensions = facts->next_extensions;
	mailin_session_renew(session);
	return true;
}

static void
xclient_decided(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	struct mailin_proxy_facts *facts = session->proxy_facts;
	struct mailin_attribute_values **held = attributes_of(session,
	    session->verb);
	bool greets = yes && held == &facts->xclient;

	if (greets && !change_client(session)) {
		yes = greets = false;
		reply = MAILIN_REPLY_OUT_OF_MEMORY;
	}
	if (yes) {
		mailin_free(session_allocator(session), *held);
		*held = facts->new_attributes;
		facts->new_attributes = NULL;
	}
	drop_new_attributes(session);
	session_advance(session, session_event(session->verb), yes);
	if (!greets) {
		mailin_session_send(session, reply);
		return;
	}
	/* Postfix's XCLIENT_README says: the session begins again, and the
	 * reply is a greeting.  XFORWARD was about the old client, so forget
	 * it. */
	mailin_session_end_transaction(session, MAILIN_RESET_HELO);
	mailin_session_send_greeting(session, MAILIN_REPLY_GREETING, true);
}

ASKS(xclient,
    (session, SUBJECT(command)->verb, &SUBJECT(command)->attributes,
	session->user))

const struct mailin_decision mailin_decide_xclient = {
	DECISION(xclient, REFUSED, DONE, 2),
	.carry_out = xclient_decided,
};

void
mailin_session_xclient_forget(struct mailin_session *session)
{
	const struct mailin_allocator *allocator = session_allocator(session);
	struct mailin_proxy_facts *facts = session->proxy_facts;

	if (facts->xclient == NULL)
		return;
	mailin_free(allocator, facts->xclient);
	facts->xclient = NULL;
	mailin_free(allocator, session->peer);
	session->peer = facts->first_peer;
	facts->first_peer = NULL;
}
