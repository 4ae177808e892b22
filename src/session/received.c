/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/ascii.h"
#include "octet/date.h"
#include "octet/number.h"
#include "session/calls.h"

/*
 * The Received: field, RFC 5321 4.4:
 *
 *	Received: from helo.name (peer.name [192.0.2.1])
 *		(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)
 *		(authenticated sender alice)
 *		by mx.example.org with ESMTPSA id 4xYz
 *		for <user@example.org>; Mon, 23 Nov 2026 17:25:29 +0000
 */

/* RFC 5322 2.1.1: a line should have at most 78 octets without CR LF.  The last
 * of them may be the ";" that follows a clause.  A single word that is longer
 * is not folded. */
#define LINE_MOST 77

/* RFC 5322 2.1.1: a line must have at most 998 octets.  So a name has at most
 * 255 octets (RFC 5321 4.5.3.1.2), wherever it comes from, and an id has at
 * most the length that mailin/received.h allows.  A path never has more than
 * 512 octets. */
#define NAME_MOST 255
#define ID_MOST   900

struct text {
	char *out;
	size_t room;
	size_t len;  /* the length so far; may exceed the room */
	size_t line; /* offset of the current line */
};

static void
add(struct text *text, struct mailin_span span)
{
	if (span.len > 0 && text->len < text->room)
		memcpy(text->out + text->len, span.ptr,
		    span.len < text->room - text->len ? span.len :
							text->room - text->len);
	text->len += span.len;
}

static void
add_text(struct text *text, const char *string)
{
	add(text, mailin_span_of(string));
}

static void
fold(struct text *text)
{
	add_text(text, "\r\n\t");
	text->line = text->len - 1;
}

/* Add a blank before a word of len octets.  If the line would become too long,
 * fold it instead. */
static void
add_blank(struct text *text, size_t len)
{
	if (text->len - text->line + 1 + len > LINE_MOST)
		fold(text);
	else
		add_text(text, " ");
}

/* Add a word and its value, such as " with ESMTP". */
static void
add_clause(struct text *text, const char *name, const char *value)
{
	add_blank(text, strlen(name) + 1 + strlen(value));
	add_text(text, name);
	add_blank(text, strlen(value));
	add_text(text, value);
}

/* Does span have 1 to "most" octets, which are all letters, digits, and marks
 * that cannot end a comment, a word or a line? */
static bool
is_token(struct mailin_span span, size_t most)
{
	size_t i;

	if (span.len > most)
		return false;
	for (i = 0; i < span.len; i++) {
		char c = span.ptr[i];

		if (!ascii_is_alnum(c) &&
		    (c == '\0' || strchr("-_.+:", c) == NULL))
			return false;
	}
	return span.len > 0;
}

/* Returns the text before the address in an address literal: "[" for IPv4, as
 * in "[192.0.2.1]", or "[IPv6:" for IPv6. */
static const char *
literal_start(struct mailin_span address)
{
	return memchr(address.ptr, ':', address.len) != NULL ? "[IPv6:" : "[";
}

static size_t
literal_length(struct mailin_span address)
{
	return strlen(literal_start(address)) + address.len + 1;
}

static void
add_literal(struct text *text, struct mailin_span address)
{
	add_text(text, literal_start(address));
	add(text, address);
	add_text(text, "]");
}

static bool
has_address(const struct mailin_peer *peer)
{
	return peer != NULL && is_token(peer->address, NAME_MOST);
}

/* Add TCP-info: the client's name and address.  They come from the connection,
 * not from what the client said. */
static void
add_peer(struct text *text, const struct mailin_peer *peer)
{
	size_t literal;

	if (!has_address(peer))
		return;
	literal = literal_length(peer->address);
	if (is_token(peer->name, NAME_MOST)) {
		add_blank(text, 1 + peer->name.len);
		add_text(text, "(");
		add(text, peer->name);
		add_blank(text, literal + 1);
	} else {
		add_blank(text, 1 + literal + 1);
		add_text(text, "(");
	}
	add_literal(text, peer->address);
	add_text(text, ")");
}

static void
add_tls(struct text *text, const struct mailin_tls *tls)
{
	static const char with[] = "with cipher";

	if (tls == NULL || !is_token(tls->version, NAME_MOST))
		return;
	fold(text);
	add_text(text, "(using");
	add_blank(text, tls->version.len + 1);
	add(text, tls->version);
	if (is_token(tls->cipher, NAME_MOST)) {
		add_blank(text, sizeof with + tls->cipher.len + 1);
		add_text(text, with);
		add_blank(text, tls->cipher.len + 1);
		add(text, tls->cipher);
	}
	add_text(text, ")");
}

static bool
is_ascii(struct mailin_span text)
{
	size_t i = 0;

	while (i < text.len && !ascii_is_eight_bit(text.ptr[i]))
		i++;
	return i == text.len;
}

/* Returns true if the name of the user can be in a comment.  Each name is UTF-8
 * without control characters: mailin_session_is_name() has checked it, or the
 * grammar of XCLIENT.  Only a message with SMTPUTF8 has header fields that are
 * not ASCII (RFC 6532 3.2). */
static bool
is_user(struct mailin_span name, bool is_utf8)
{
	return name.len > 0 && name.len <= NAME_MOST &&
	    (is_utf8 || is_ascii(name));
}

/* Can the character begin or end a comment, or quote the character after it
 * (RFC 5322 3.2.1 and 3.2.2)? */
static bool
is_special(char c)
{
	return c == '(' || c == ')' || c == '\\';
}

static size_t
quoted_length(struct mailin_span name)
{
	size_t i, len = name.len;

	for (i = 0; i < name.len; i++)
		len += is_special(name.ptr[i]);
	return len;
}

/* Add the name of the user who has logged in, if the policy allows it. */
static void
add_user(struct text *text, const struct mailin_session *session)
{
	struct mailin_span name = mailin_session_identity(session);
	size_t i;

	if (mailin_config_policy(mailin_session_config(session),
		MAILIN_POLICY_RECEIVED_USER) != MAILIN_RECEIVED_USER_SHOW ||
	    !is_user(name, session->transaction->utf8))
		return;
	fold(text);
	add_text(text, "(authenticated sender");
	add_blank(text, quoted_length(name) + 1);
	for (i = 0; i < name.len; i++) {
		if (is_special(name.ptr[i]))
			add_text(text, "\\");
		add(text, (struct mailin_span){ name.ptr + i, 1 });
	}
	add_text(text, ")");
}

/* Add a "for" clause if there is exactly one recipient, because a list would
 * reveal blind copies (RFC 5321 7.2).  The clause holds a Mailbox (4.4), so
 * omit it for an unqualified path, because only the program knows which mailbox
 * that means. */
static void
add_recipient(struct text *text, const struct mailin_session *session)
{
	struct mailin_rcpt rcpt;
	bool domain;

	if (mailin_session_rcpt_count(session) != 1 ||
	    !mailin_session_rcpt(session, 0, &rcpt) ||
	    rcpt.path.kind == MAILIN_PATH_UNQUALIFIED)
		return;
	domain = rcpt.path.domain.len > 0;
	fold(text);
	add_text(text, "for");
	add_blank(text,
	    2 + rcpt.path.local.len + domain + rcpt.path.domain.len);
	add_text(text, "<");
	add(text, rcpt.path.local);
	if (domain) {
		add_text(text, "@");
		add(text, rcpt.path.domain);
	}
	add_text(text, ">");
}

/* Is the zone less than a day, and is the local date in the years 0 to 9999? */
static bool
is_date(int64_t unix_time, int zone)
{
	int64_t east = zone * INT64_C(60);

	return zone > -24 * 60 && zone < 24 * 60 &&
	    unix_time >= DATE_FIRST_SECOND - east &&
	    unix_time <= DATE_LAST_SECOND - east;
}

/* Add a date such as "; Mon, 23 Nov 2026 17:25:29 +0000" (RFC 5322 3.3). */
static void
add_date(struct text *text, int64_t unix_time, int zone)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t local = unix_time + zone * INT64_C(60);
	int64_t second = (local % 86400 + 86400) % 86400;
	struct mailin_date date = mailin_date_of((local - second) / 86400);
	uint64_t east = (uint64_t)(zone < 0 ? -zone : zone);
	char line[] = "Day, 00 Mon 0000 00:00:00 +0000\r\n";
	size_t zeros = date.day < 10; /* leading zeros to leave out */

	memcpy(line, days[date.weekday], 3);
	number_pad(line + 5, (uint64_t)date.day, 2);
	memcpy(line + 8, months[date.month - 1], 3);
	number_pad(line + 12, (uint64_t)date.year, 4);
	number_pad(line + 17, (uint64_t)second / 3600, 2);
	number_pad(line + 20, (uint64_t)second / 60 % 60, 2);
	number_pad(line + 23, (uint64_t)second % 60, 2);
	line[26] = zone < 0 ? '-' : '+';
	number_pad(line + 27, east / 60 * 100 + east % 60, 4);
	add_text(text, ";");
	add_blank(text, strlen(line) - 2 - zeros);
	add(text, (struct mailin_span){ line, 5 });
	add_text(text, line + 5 + zeros);
}

/* Did the client give a domain or an address literal as its name? */
static bool
has_name(const struct mailin_helo *helo)
{
	return helo->domain_kind != MAILIN_DOMAIN_NONE &&
	    helo->domain_kind != MAILIN_DOMAIN_OTHER &&
	    helo->domain.len <= NAME_MOST;
}

static void
add_from(struct text *text, const struct mailin_session *session)
{
	struct mailin_helo helo;
	const struct mailin_peer *peer = mailin_session_peer(session);

	(void)mailin_session_helo(session, &helo);
	add_text(text, "Received: from");
	if (has_name(&helo)) {
		add_blank(text, helo.domain.len);
		add(text, helo.domain);
	} else if (has_address(peer)) {
		add_blank(text, literal_length(peer->address));
		add_literal(text, peer->address);
	} else {
		add_text(text, " unknown");
	}
	add_peer(text, peer);
}

static void
add_by(struct text *text, const struct mailin_session *session)
{
	const char *host = mailin_config_hostname(
	    mailin_session_config(session));

	fold(text);
	add_text(text, "by");
	add_blank(text, strlen(host));
	add_text(text, host);
	add_clause(text, "with", mailin_session_protocol(session));
}

enum mailin_error
mailin_session_received(const struct mailin_session *session, int64_t unix_time,
    int zone, const char *id, char *out, size_t room, size_t *len)
{
	struct text text = { .out = out, .room = room };

	if (!is_date(unix_time, zone) || id == NULL || len == NULL ||
	    (out == NULL && room > 0) ||
	    (*id != '\0' && !is_token(mailin_span_of(id), ID_MOST)))
		return MAILIN_ERROR_ARGUMENT;
	add_from(&text, session);
	add_tls(&text, mailin_session_tls(session));
	add_user(&text, session);
	add_by(&text, session);
	if (*id != '\0')
		add_clause(&text, "id", id);
	add_recipient(&text, session);
	add_date(&text, unix_time, zone);
	*len = text.len;
	return text.len <= room ? MAILIN_OK : MAILIN_ERROR_RANGE;
}
