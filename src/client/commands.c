/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/queue.h"
#include "octet/span.h"

/* The commands other than MAIL, RCPT, AUTH, XFORWARD and XCLIENT, and the
 * octets of the message. */

static enum mailin_error
queue_verb(struct mailin_client *client, enum mailin_client_step step)
{
	struct client_line line;
	enum mailin_error error = mailin_client_begin(client, step, &line);

	if (error == MAILIN_OK)
		mailin_client_queue(client, step, &line);
	return error;
}

/* ---- EHLO and LHLO ---- */

static enum mailin_error
begin_hello(struct mailin_client *client, struct client_line *line)
{
	enum mailin_error error = mailin_client_begin(client,
	    MAILIN_CLIENT_HELLO, line);

	if (error != MAILIN_OK)
		return error;
	if (client->protocol == MAILIN_PROTOCOL_LMTP)
		*line->octets = 'L';
	mailin_client_put_text(line, " ");
	return MAILIN_OK;
}

enum mailin_error
mailin_client_hello(struct mailin_client *client)
{
	struct client_line line;
	enum mailin_error error = begin_hello(client, &line);

	if (error != MAILIN_OK)
		return error;
	mailin_client_put_text(&line, client->name);
	mailin_client_queue(client, MAILIN_CLIENT_HELLO, &line);
	return MAILIN_OK;
}

/* Returns true if the tokenizer reads this name, and nothing else, in the
 * line. */
static bool
has_name(const struct mailin_client *client, const struct client_line *line,
    struct mailin_span name)
{
	struct mailin_command command;
	size_t len = line->len + 2;

	memcpy(line->octets + line->len, "\r\n", 2);
	return mailin_command_parse_as(&command, client->syntax, line->octets,
		   len) == len &&
	    command.error == MAILIN_REPLY_OK &&
	    command.helo.domain.len == name.len;
}

enum mailin_error
mailin_client_hello_as(struct mailin_client *client, struct mailin_span name)
{
	struct client_line line;
	enum mailin_error error;

	if (!is_span_sound(name))
		return MAILIN_ERROR_ARGUMENT;
	error = begin_hello(client, &line);
	if (error != MAILIN_OK)
		return error;
	mailin_client_put(&line, name);
	if (line.is_over || line.len + 2 > COMMAND_MOST)
		return MAILIN_ERROR_RANGE;
	if (!has_name(client, &line, name))
		return MAILIN_ERROR_SYNTAX;
	mailin_client_queue(client, MAILIN_CLIENT_HELLO, &line);
	return MAILIN_OK;
}

/* ---- STARTTLS ---- */

enum mailin_error
mailin_client_starttls(struct mailin_client *client)
{
	struct client_line line;
	enum mailin_error error = mailin_client_begin(client,
	    MAILIN_CLIENT_STARTTLS, &line);

	if (error != MAILIN_OK)
		return error;
	if (!client_offers(client, MAILIN_EXTENSION_STARTTLS))
		return MAILIN_ERROR_UNOFFERED;
	mailin_client_queue(client, MAILIN_CLIENT_STARTTLS, &line);
	return MAILIN_OK;
}

/* ---- The message ---- */

enum mailin_error
mailin_client_data(struct mailin_client *client)
{
	static const struct mailin_stuff fresh = MAILIN_STUFF_INIT;
	struct client_line line;
	enum mailin_error error = mailin_client_begin(client,
	    MAILIN_CLIENT_DATA, &line);

	if (error != MAILIN_OK)
		return error;
	if (client->accepted_count == 0)
		return MAILIN_ERROR_STATE;
	client->stuff = fresh;
	mailin_client_queue(client, MAILIN_CLIENT_DATA, &line);
	return MAILIN_OK;
}

enum mailin_error
mailin_client_body(struct mailin_client *client, struct mailin_span *in,
    struct mailin_span *out)
{
	enum mailin_error error;

	if (client->state != CLIENT_BODY ||
	    client->fault != MAILIN_CLIENT_FAULT_NONE)
		return MAILIN_ERROR_STATE;
	error = mailin_stuff_feed(&client->stuff, in, out);
	if (error == MAILIN_ERROR_SYNTAX)
		client->state = CLIENT_CLOSED;
	return error;
}

/* Put the end of the message without its CR LF, which mailin_client_queue adds.
 * Returns false if the message ends in a bare CR. */
static bool
put_end(struct mailin_client *client, struct client_line *line)
{
	struct mailin_span end;

	if (mailin_stuff_end(&client->stuff, &end) != MAILIN_OK)
		return false;
	end.len -= 2;
	mailin_client_put(line, end);
	return true;
}

enum mailin_error
mailin_client_body_end(struct mailin_client *client)
{
	struct client_line line;
	enum mailin_error error = mailin_client_begin(client,
	    MAILIN_CLIENT_MESSAGE, &line);

	if (error != MAILIN_OK)
		return error;
	if (!put_end(client, &line)) {
		client->state = CLIENT_CLOSED;
		return MAILIN_ERROR_SYNTAX;
	}
	client->verdicts = client->protocol == MAILIN_PROTOCOL_LMTP ?
	    client->accepted_count :
	    1;
	mailin_client_queue(client, MAILIN_CLIENT_MESSAGE, &line);
	return MAILIN_OK;
}

/* ---- RSET, NOOP and QUIT ---- */

enum mailin_error
mailin_client_rset(struct mailin_client *client)
{
	return queue_verb(client, MAILIN_CLIENT_RSET);
}

enum mailin_error
mailin_client_noop(struct mailin_client *client)
{
	return queue_verb(client, MAILIN_CLIENT_NOOP);
}

enum mailin_error
mailin_client_auth_cancel(struct mailin_client *client)
{
	return queue_verb(client, MAILIN_CLIENT_CANCEL);
}

enum mailin_error
mailin_client_quit(struct mailin_client *client)
{
	return queue_verb(client, MAILIN_CLIENT_QUIT);
}
