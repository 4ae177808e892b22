/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/handler_log.h"
#include "support/inside.h"
#include "support/suite.h"

const struct call *inside_call;
int inside_times;

void
inside_begin(struct client *client, const struct call *call, bool pipelined)
{
	inside_call = call;
	inside_times = 0;
	stage_open(&stages[0], client);
	if (pipelined)
		client_set(client, "pipelining", "allow");
	if (call->on == ON_TRACE)
		handler_log_trace(&client->handler);
	if (call->before != NULL) {
		client_drain(client);
		client_lines(client, call->before);
	}
}

void
inside_make_call(struct client *client, void (*hook)(struct client *, enum on))
{
	const char *last = inside_call->last;

	client->hook = hook;
	if (inside_call->before == NULL)
		(void)mailin_session_output(client->session);
	else
		(void)client_feed(client, last, strlen(last));
}

void
inside_free(struct client *client, enum on on)
{
	if (on != inside_call->on)
		return;
	inside_times++;
	mailin_session_free(client->session);
}

void
inside_check_freed(struct client *client)
{
	const char *closed = strstr(client->log.octets, "close");

	client->session = NULL;
	if (inside_times == 0 || closed == NULL ||
	    strstr(closed + 1, "close") != NULL || client->heap.blocks == NULL)
		ck_abort_msg("%s, %s: %s", client_on_name(inside_call->on),
		    inside_call->last, client->log.octets);
	client_end(client);
}
