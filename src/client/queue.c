/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "client/queue.h"
#include "octet/wipe.h"

void
mailin_client_put(struct client_line *line, struct mailin_span octets)
{
	if (octets.len > COMMAND_LINE_ROOM - line->len) {
		line->is_over = true;
	} else if (octets.len > 0) {
		memcpy(line->octets + line->len, octets.ptr, octets.len);
		line->len += octets.len;
	}
}

void
mailin_client_put_text(struct client_line *line, const char *text)
{
	mailin_client_put(line, mailin_span_of(text));
}

void
mailin_client_put_number(struct client_line *line, uint64_t number)
{
	char digits[24];

	(void)snprintf(digits, sizeof digits, "%llu",
	    (unsigned long long)number);
	mailin_client_put_text(line, digits);
}

/* Returns true if the command may be sent although earlier commands have no
 * reply yet. */
static bool
is_pipelined(const struct mailin_client *client,
    const struct mailin_client_row *row)
{
	size_t last = (client->first + client->count - 1) %
	    MAILIN_CLIENT_AWAITED;

	return client_offers(client, MAILIN_EXTENSION_PIPELINING) &&
	    (row->after & CLIENT_BIT(client->awaited[last].step)) != 0;
}

void
mailin_client_begin_line(struct mailin_client *client,
    enum mailin_client_step step, struct client_line *line)
{
	*line = (struct client_line){ .octets = client->out +
		    client->out_first + client->out_len };
	mailin_client_put_text(line, mailin_client_rows[step].verb);
}

enum mailin_error
mailin_client_begin(struct mailin_client *client, enum mailin_client_step step,
    struct client_line *line)
{
	const struct mailin_client_row *row = &mailin_client_rows[step];
	size_t end = client->out_first + client->out_len;

	if (client->fault != MAILIN_CLIENT_FAULT_NONE ||
	    client->state == CLIENT_CLOSED)
		return MAILIN_ERROR_STATE;
	if (client->count > 0 && !is_pipelined(client, row))
		return MAILIN_ERROR_WAIT;
	if ((row->states & CLIENT_BIT(client->state)) == 0)
		return MAILIN_ERROR_STATE;
	if (client->count == MAILIN_CLIENT_AWAITED ||
	    OUTPUT_ROOM - end < COMMAND_LINE_ROOM + 2)
		return MAILIN_ERROR_WAIT;
	mailin_client_begin_line(client, step, line);
	return MAILIN_OK;
}

void
mailin_client_queue(struct mailin_client *client, enum mailin_client_step step,
    struct client_line *line)
{
	const struct mailin_client_row *row = &mailin_client_rows[step];
	size_t next = (client->first + client->count) % MAILIN_CLIENT_AWAITED;

	memcpy(line->octets + line->len, "\r\n", 2);
	client->out_len += line->len + 2;
	client->queued += line->len + 2;
	client->awaited[next].step = step;
	client->awaited[next].end = client->queued;
	client->count++;
	if (row->now != CLIENT_NO_CHANGE)
		client->state = (enum mailin_client_state)row->now;
}

void
mailin_client_drop_output(struct mailin_client *client)
{
	wipe(client->out, sizeof client->out);
	client->out_first = client->out_len = 0;
}

void
mailin_client_fail(struct mailin_client *client, enum mailin_client_fault fault)
{
	if (client->fault == MAILIN_CLIENT_FAULT_NONE)
		client->fault = fault;
	mailin_client_drop_output(client);
}
