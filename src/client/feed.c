/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "client/queue.h"
#include "octet/span.h"

/* ---- One line ---- */

/* Returns true if the command that waits for the next reply has been sent. */
static bool
is_asked(const struct mailin_client *client)
{
	return client->count > 0 &&
	    client->awaited[client->first].end <= client->sent;
}

static enum mailin_client_step
step_of(const struct mailin_client *client)
{
	return client->is_asked ? client_awaits(client) : MAILIN_CLIENT_NONE;
}

/* A reply may have UTF-8 only if the client has used SMTPUTF8 (RFC 6531
 * 3.7.4.2). */
static enum mailin_reply_octets
octets_of(const struct mailin_client *client)
{
	if (client->syntax == MAILIN_SYNTAX_RELAXED)
		return REPLY_OCTETS_ANY;
	if (!client->smtputf8)
		return REPLY_OCTETS_ASCII;
	switch (step_of(client)) {
	case MAILIN_CLIENT_MAIL:
	case MAILIN_CLIENT_RCPT:
	case MAILIN_CLIENT_DATA:
	case MAILIN_CLIENT_MESSAGE:
		return REPLY_OCTETS_UTF8;
	default:
		return REPLY_OCTETS_ASCII;
	}
}

/* Begin a line.  If it is the first line of a reply, begin the reply, too. */
static void
begin_line(struct mailin_client *client)
{
	if (client->lines == 0) {
		client->is_asked = is_asked(client);
		client->text_len = 0;
		client->enhanced[0] = '\0';
	}
	/* The octet before the line is left free for a LF, which separates two
	 * lines of the text. */
	mailin_reply_line_begin(&client->line,
	    client->text + client->text_len + 1, octets_of(client));
}

/* A line of a reply was read.  Returns what is wrong with it at this place in
 * the reply, or NONE. */
static enum mailin_client_fault
check_line(const struct mailin_client *client)
{
	int code = client->line.code;

	if (code != client->code)
		return MAILIN_CLIENT_FAULT_NEW_CODE;
	if (!client->is_asked && code != 421)
		return MAILIN_CLIENT_FAULT_UNASKED;
	if (!mailin_client_code_allowed(step_of(client), code))
		return MAILIN_CLIENT_FAULT_CODE;
	if (client->lines > MAILIN_CLIENT_LINES)
		return MAILIN_CLIENT_FAULT_LINES;
	return MAILIN_CLIENT_FAULT_NONE;
}

/*
 * Returns the text of the line without its enhanced code.  Stores the enhanced
 * code of the first line.  In the other lines the same code is removed, and any
 * other code stays (RFC 2034 4).  A greeting that accepts the client, and the
 * reply to EHLO that has the extensions, have no enhanced codes; but servers
 * such as Postfix refuse both with them.
 */
static struct mailin_span
take_enhanced(struct mailin_client *client)
{
	struct mailin_reply_line *line = &client->line;
	struct mailin_span text = { line->text, line->len };
	enum mailin_client_step step = step_of(client);
	size_t len = line->enhanced_len;

	if (len == 0 ||
	    ((step == MAILIN_CLIENT_GREETING || step == MAILIN_CLIENT_HELLO) &&
		line->code < 400) ||
	    *line->text != (char)('0' + line->code / 100))
		return text;
	if (client->lines == 1) {
		memcpy(client->enhanced, line->text, len);
		client->enhanced[len] = '\0';
	} else if (!mailin_span_equal((struct mailin_span){ line->text, len },
		       client->enhanced)) {
		return text;
	}
	if (len < text.len)
		len++; /* the blank after the code */
	text.ptr += len;
	text.len -= len;
	return text;
}

/* Add the text of a line to the text of the reply, if there is room. */
static void
keep_text(struct mailin_client *client, struct mailin_span text)
{
	char *at = client->text + client->text_len;
	size_t gap = client->lines > 1;

	if (client->text_len + gap + text.len > MAILIN_CLIENT_TEXT)
		return;
	if (gap)
		*at++ = '\n';
	memmove(at, text.ptr, text.len);
	client->text_len += gap + text.len;
}

/* RFC 4954 4: the text of a 334 is a challenge in base64.  Decode it into the
 * room after the text, and then copy the result over the text.  Returns false
 * if the text is not base64, or has more than one line. */
static bool
decode_challenge(struct mailin_client *client)
{
	struct mailin_span text = { client->text, client->text_len };
	char *room = client->text + MAILIN_CLIENT_TEXT;

	if (client->lines > 1 ||
	    mailin_base64_decode(text, room, &client->text_len) != MAILIN_OK)
		return false;
	memcpy(client->text, room, client->text_len);
	return true;
}

/* Handle a line that is complete.  Returns true if the reply is complete,
 * too. */
static bool
end_line(struct mailin_client *client)
{
	enum mailin_client_fault fault;
	struct mailin_span text;

	client->lines++;
	client->line_len = 0;
	if (client->lines == 1)
		client->code = client->line.code;
	fault = check_line(client);
	if (fault != MAILIN_CLIENT_FAULT_NONE) {
		mailin_client_fail(client, fault);
		return false;
	}
	text = take_enhanced(client);
	if (step_of(client) == MAILIN_CLIENT_HELLO) {
		if (client->lines == 1)
			memset(&client->offer, 0, sizeof client->offer);
		else if (client->code < 300)
			mailin_client_offer_read(&client->offer, text);
	}
	keep_text(client, text);
	if (client->line.goes_on)
		return false;
	if (client->code != CHALLENGE || decode_challenge(client))
		return true;
	mailin_client_fail(client, MAILIN_CLIENT_FAULT_SYNTAX);
	return false;
}

/* ---- A whole reply ---- */

static bool
is_accepted(const struct mailin_client *client, size_t rcpt)
{
	return (client->accepted[rcpt / 8] >> rcpt % 8 & 1) != 0;
}

/* Returns the index of the accepted recipient to whom the next verdict on the
 * message belongs.  Returns 0 in SMTP, where the verdict is for all
 * recipients. */
static size_t
next_verdict(struct mailin_client *client)
{
	size_t rcpt = client->verdict;

	if (client->protocol == MAILIN_PROTOCOL_SMTP)
		return 0;
	while (!is_accepted(client, rcpt))
		rcpt++;
	client->verdict = rcpt + 1;
	return rcpt;
}

static size_t
rcpt_replied(struct mailin_client *client)
{
	size_t rcpt = client->replied_count++;

	if (client->code < 300) {
		client->accepted[rcpt / 8] |= (unsigned char)(1u << rcpt % 8);
		client->accepted_count++;
	}
	return rcpt;
}

/* Returns the state after the reply, or NO_CHANGE. */
static unsigned
next_state(const struct mailin_client_row *row, int code)
{
	if (code == CHALLENGE)
		return row->more;
	return code < 400 ? row->yes : row->no;
}

/* Update the state after a complete reply, and get ready for the next reply. */
static void
end_reply(struct mailin_client *client, struct mailin_client_reply *reply)
{
	unsigned state = next_state(&mailin_client_rows[reply->of],
	    client->code);

	if (reply->of == MAILIN_CLIENT_RCPT)
		reply->rcpt = rcpt_replied(client);
	if (reply->of == MAILIN_CLIENT_MESSAGE)
		reply->rcpt = next_verdict(client);
	if (client->is_asked &&
	    (reply->of != MAILIN_CLIENT_MESSAGE || --client->verdicts == 0)) {
		client->first = (client->first + 1) % MAILIN_CLIENT_AWAITED;
		client->count--;
	}
	/* Only QUIT leads out of REFUSED and CLOSED.  A reply to MAIL does not,
	 * although MAIL may be pipelined after an RSET that is refused. */
	if (state != CLIENT_NO_CHANGE &&
	    (client->state < CLIENT_REFUSED || reply->of == MAILIN_CLIENT_QUIT))
		client->state = (enum mailin_client_state)state;
	/* RFC 5321 3.8: the server closes the connection. */
	if (client->code == 421) {
		client->state = CLIENT_CLOSED;
		mailin_client_drop_output(client);
	}
	client->lines = 0;
}

static void
show_reply(struct mailin_client *client, struct mailin_client_reply *reply)
{
	reply->of = step_of(client);
	reply->code = client->code;
	memcpy(reply->enhanced, client->enhanced, sizeof reply->enhanced);
	reply->text = (struct mailin_span){ client->text, client->text_len };
}

/* Returns the maximum length of the current line, in octets.  RFC 4954 4.3
 * allows longer lines for challenges than for other replies. */
static size_t
line_most(const struct mailin_client *client)
{
	return client->syntax == MAILIN_SYNTAX_STRICT &&
		mailin_client_rows[step_of(client)].more == CLIENT_NO_CHANGE ?
	    REPLY_LINE_STRICT :
	    REPLY_LINE_RELAXED;
}

/* Read octets of one line.  Returns true if a reply is complete. */
static bool
read_octets(struct mailin_client *client, struct mailin_span *octets)
{
	size_t most, len, used;
	enum mailin_reply_result result;

	if (client->line_len == 0)
		begin_line(client);
	most = line_most(client);
	len = most - client->line_len;
	if (len > octets->len)
		len = octets->len;
	result = mailin_reply_line_read(&client->line, octets->ptr, len, &used);
	octets->ptr += used;
	octets->len -= used;
	client->line_len += used;
	if (result == REPLY_LINE)
		return end_line(client);
	if (result == REPLY_WRONG)
		mailin_client_fail(client, MAILIN_CLIENT_FAULT_SYNTAX);
	else if (client->line_len == most)
		mailin_client_fail(client, MAILIN_CLIENT_FAULT_LONG_LINE);
	return false;
}

enum mailin_client_event
mailin_client_feed(struct mailin_client *client, struct mailin_span *octets,
    struct mailin_client_reply *reply)
{
	if (octets == NULL || reply == NULL || !is_span_sound(*octets))
		return MAILIN_CLIENT_FAULT;
	memset(reply, 0, sizeof *reply);
	if (client->state == CLIENT_TLS && octets->len > 0)
		mailin_client_fail(client, MAILIN_CLIENT_FAULT_CLEAR);
	while (octets->len > 0 && client->fault == MAILIN_CLIENT_FAULT_NONE)
		if (read_octets(client, octets)) {
			show_reply(client, reply);
			end_reply(client, reply);
			client->is_unread = octets->len > 0;
			return MAILIN_CLIENT_REPLY;
		}
	return client->fault == MAILIN_CLIENT_FAULT_NONE ? MAILIN_CLIENT_MORE :
							   MAILIN_CLIENT_FAULT;
}
