/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MESSAGE_H
#define MAILIN_SERVER_MESSAGE_H

#include <stdint.h>

#include <mailin/session.h>

#include "store/id.h"
#include "store/store.h"

/* A message on its way from a session to the store. */
struct message {
	char *envelope;  /* the fields of the log for client, sender,
			    recipients */
	bool cut;        /* some of these fields were cut or left out */
	uint64_t octets; /* in the body, after the dots are unstuffed */
	char id[ID_SIZE];
	bool is_begun;    /* DATA was accepted, or octets have come */
	bool is_whole;    /* the end of the message has come */
	bool has_refusal; /* the reply that refuses it was queued */
	struct store_message *stored; /* NULL after message_let_go */
};

/* Begin a message of the session with this number, for its current transaction.
 * Returns the reply of the store, or of an error; after a refusal there is no
 * message. */
enum mailin_reply message_begin(struct message **message,
    struct store_client *client, unsigned long number);

/* Add octets of the body.  Returns OK or, with the reason on stderr, the reply
 * for the client. */
enum mailin_reply message_add(struct message *message,
    struct mailin_span octets);

/* Commit the message.  May take long. */
void message_store(struct message *message);

/* Write the line of the log about a message whose verdict is known.  is_gone:
 * the session had ended before. */
void message_log(const struct message *message, bool is_gone);

/* Write the line of the log about a message that never got a reply. */
void message_log_unfinished(const struct message *message,
    enum mailin_reset_reason reason);

/* Delete the message from the store, and keep only what the log needs. */
void message_let_go(struct message *message);

/* Returns the reply about a stored message for the recipient with this index,
 * or for the whole message if the index is STORE_WHOLE. */
enum mailin_reply message_reply(const struct message *message, size_t rcpt);

/* Free a message, and delete it from the store unless it was stored.  NULL is
 * allowed. */
void message_free(struct message *message);

#endif
