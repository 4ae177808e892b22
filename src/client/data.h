/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_DATA_H
#define MAILIN_SRC_CLIENT_DATA_H

#include <mailin/client.h>
#include <mailin/stuff.h>

#include "client/reply.h"
#include "client/steps.h"

/* The maximum length of one line of a reply with its CR LF, in octets.  In the
 * STRICT syntax this is the limit of RFC 5321 4.5.3.1.5; RELAXED allows
 * more. */
#define REPLY_LINE_STRICT  512
#define REPLY_LINE_RELAXED 2048

/* The maximum length of a command line with its CR LF, in octets.  COMMAND_MOST
 * is for a line without ESMTP parameters (RFC 5321 4.5.3.1.4).
 * COMMAND_LINE_ROOM is enough for MAIL or RCPT with all its parameters
 * (src/client/envelope.c). */
#define COMMAND_MOST      512
#define COMMAND_LINE_ROOM 2560

#define OUTPUT_ROOM 4096

#define CLIENT_LIMITS 4

/* MECHANISM_MOST is the maximum length of a mechanism's name (RFC 4422 3.1).
 * SASL_ROOM is the room for all names that are kept; a blank follows each of
 * them. */
#define MECHANISM_MOST 20
#define SASL_ROOM      512

/* The facts in the reply to EHLO. */
struct mailin_client_offer {
	uint32_t extensions;        /* a bit for each enum mailin_extension */
	bool auth;                  /* AUTH, with any mechanism */
	uint16_t xforward, xclient; /* a bit for each enum mailin_attribute */
	uint64_t limits[CLIENT_LIMITS]; /* in the order of the table in
					   offer.c */
	size_t sasl_len;
	char sasl[SASL_ROOM]; /* the names of the mechanisms of AUTH */
};

/* Add what a line of the reply to EHLO offers (RFC 5321 4.1.1.1).  Keywords
 * that are not known are ignored. */
void mailin_client_offer_read(struct mailin_client_offer *offer,
    struct mailin_span line);

/* A command whose reply has not come. */
struct mailin_client_awaited {
	enum mailin_client_step step;
	uint64_t end; /* the value of "queued" after this command */
};

struct mailin_client {
	struct mailin_allocator allocator;
	size_t size; /* octets of the allocation that holds this struct */
	enum mailin_protocol protocol;
	enum mailin_syntax syntax;
	enum mailin_client_state state;
	enum mailin_client_fault fault;

	/* The commands that wait for a reply, in a ring buffer.  "first" is the
	 * index of the oldest one. */
	struct mailin_client_awaited awaited[MAILIN_CLIENT_AWAITED];
	size_t first, count;
	uint64_t queued, sent; /* octets of commands that were queued and sent,
				  since the client was made */

	/* The transaction. */
	bool smtputf8;
	size_t rcpt_most;
	size_t rcpt_count;    /* RCPT commands */
	size_t replied_count; /* replies to RCPT commands */
	size_t accepted_count;
	size_t verdict;  /* LMTP: all recipients before this index have their
			    verdicts or were refused */
	size_t verdicts; /* replies to the message that are still to come */
	struct mailin_stuff stuff;

	/* The reply that is being read. */
	struct mailin_reply_line line;
	size_t line_len; /* octets of the line so far; 0: no line has begun */
	size_t lines;    /* complete lines */
	int code;        /* the code of the first line */
	bool is_asked;   /* a command was waiting when the reply began */
	bool is_unread;  /* mailin_client_feed has returned before the end of
			    its octets */
	char enhanced[12];
	size_t text_len;

	struct mailin_client_offer offer;

	size_t out_first, out_len;
	char out[OUTPUT_ROOM];
	/* The text of the reply, and after it the text of the current line. */
	char text[MAILIN_CLIENT_TEXT + 1 + REPLY_LINE_RELAXED];
	char name[256];
	unsigned char accepted[]; /* a bit for each RCPT command: 1 if it was
				     accepted */
};

static inline bool
client_offers(const struct mailin_client *client,
    enum mailin_extension extension)
{
	return (client->offer.extensions >> extension & 1) != 0;
}

/* Returns true if a reply has begun, but is not complete. */
static inline bool
client_is_reading(const struct mailin_client *client)
{
	return client->lines > 0 || client->line_len > 0;
}

/* Returns the step whose reply is next, or NONE. */
static inline enum mailin_client_step
client_awaits(const struct mailin_client *client)
{
	return client->count > 0 ? client->awaited[client->first].step :
				   MAILIN_CLIENT_NONE;
}

#endif
