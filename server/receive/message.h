/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MESSAGE_H
#define MAILIN_SERVER_MESSAGE_H

#include <stdint.h>

#include <mailin/session.h>

#include "store/maildir.h"

/* A message on its way from a session to the Maildir. */
struct message {
	char *envelope;  /* client, sender and recipients: fields of the log */
	uint64_t octets; /* in the body, after the dots are unstuffed */
	struct maildir_file file;
};

/* Begin a message of the session with this number, for its present transaction,
 * and write its trace header.  Returns NULL if there is no memory. */
struct message *message_new(struct maildir *maildir,
    const struct mailin_session *session, unsigned long number);

/* Add octets of the body.  Returns OK or, with the reason on stderr, the reply
 * for the client. */
enum mailin_reply message_add(struct message *message,
    struct mailin_span octets);

/* Write the message to the disk, and a line about it to the log.  May take
 * long.  Returns OK or, with the reason on stderr, the reply for the client. */
enum mailin_reply message_store(struct message *message);

/* Free a message, and delete its file unless it was stored.  NULL is
 * allowed. */
void message_free(struct message *message);

#endif
