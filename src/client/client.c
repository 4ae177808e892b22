/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "client/queue.h"
#include "config/data.h"
#include "octet/memory.h"
#include "octet/span.h"
#include "octet/wipe.h"

#define RECIPIENTS_DEFAULT 1000
#define RECIPIENTS_MOST    100000

static bool
is_sound(const struct mailin_client_options *options)
{
	return options->name != NULL && mailin_hostname_valid(options->name) &&
	    (unsigned)options->protocol <= MAILIN_PROTOCOL_LMTP &&
	    is_syntax(options->syntax) &&
	    options->recipients <= RECIPIENTS_MOST &&
	    (options->allocator == NULL ||
		(options->allocator->alloc != NULL &&
		    options->allocator->free != NULL));
}

static struct mailin_client *
make(const struct mailin_client_options *options)
{
	struct mailin_allocator allocator = options->allocator != NULL ?
	    *options->allocator :
	    mailin_allocator_default();
	size_t most = options->recipients > 0 ? options->recipients :
						RECIPIENTS_DEFAULT;
	struct mailin_client *client;
	size_t size = sizeof *client + (most + 7) / 8;

	client = mailin_alloc_clear(&allocator, size);
	if (client == NULL)
		return NULL;
	client->allocator = allocator;
	client->size = size;
	client->protocol = options->protocol;
	client->syntax = options->syntax;
	client->rcpt_most = most;
	client->state = CLIENT_STARTING;
	client->awaited[0].step = MAILIN_CLIENT_GREETING;
	client->count = 1;
	memcpy(client->name, options->name, strlen(options->name));
	return client;
}

struct mailin_client *
mailin_client_new(const struct mailin_client_options *options)
{
	struct mailin_client_options known = { .size = 0 };

	if (options == NULL ||
	    options->size < offsetof(struct mailin_client_options, protocol))
		return NULL;
	/* Members after options->size are 0. */
	memcpy(&known, options,
	    options->size < sizeof known ? options->size : sizeof known);
	return is_sound(&known) ? make(&known) : NULL;
}

void
mailin_client_free(struct mailin_client *client)
{
	struct mailin_allocator allocator;

	if (client == NULL)
		return;
	allocator = client->allocator;
	wipe(client, client->size);
	mailin_free(&allocator, client);
}

/* Returns how many octets may be sent now.  Without PIPELINING a command is
 * sent only after the reply to the command before it (RFC 2920 3.1). */
static size_t
sendable(const struct mailin_client *client)
{
	if (client_offers(client, MAILIN_EXTENSION_PIPELINING) ||
	    client->out_len == 0)
		return client->out_len;
	return (size_t)(client->awaited[client->first].end - client->sent);
}

struct mailin_span
mailin_client_output(const struct mailin_client *client)
{
	size_t len = sendable(client);

	if (len == 0)
		return (struct mailin_span){ NULL, 0 };
	return (struct mailin_span){ client->out + client->out_first, len };
}

enum mailin_error
mailin_client_sent(struct mailin_client *client, size_t len)
{
	if (len > sendable(client))
		return MAILIN_ERROR_RANGE;
	/* The line that was sent may have a password. */
	wipe(client->out + client->out_first, len);
	client->sent += len;
	client->out_first += len;
	client->out_len -= len;
	if (client->out_len == 0)
		client->out_first = 0;
	return MAILIN_OK;
}

enum mailin_error
mailin_client_tls_started(struct mailin_client *client)
{
	if (client->state != CLIENT_TLS || client->is_unread ||
	    client->fault != MAILIN_CLIENT_FAULT_NONE)
		return MAILIN_ERROR_STATE;
	memset(&client->offer, 0, sizeof client->offer);
	client->state = CLIENT_FRESH;
	return MAILIN_OK;
}

void
mailin_client_eof(struct mailin_client *client)
{
	if (client->count > 0 || client->state == CLIENT_BODY ||
	    client_is_reading(client))
		mailin_client_fail(client, MAILIN_CLIENT_FAULT_EOF);
	client->state = CLIENT_CLOSED;
}

/* ---- Queries ---- */

enum mailin_client_fault
mailin_client_fault_found(const struct mailin_client *client)
{
	return client->fault;
}

size_t
mailin_client_awaited(const struct mailin_client *client)
{
	/* In LMTP a message has a verdict for each accepted recipient. */
	return client_awaits(client) != MAILIN_CLIENT_MESSAGE ?
	    client->count :
	    client->verdicts;
}

enum mailin_client_step
mailin_client_awaits(const struct mailin_client *client)
{
	return client_awaits(client);
}

bool
mailin_client_ready(const struct mailin_client *client)
{
	return client->state == CLIENT_READY && client->count == 0 &&
	    client->fault == MAILIN_CLIENT_FAULT_NONE &&
	    !client_is_reading(client);
}
