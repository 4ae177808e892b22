/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MESSAGE_H
#define MAILIN_SERVER_MESSAGE_H

#include <stdint.h>

#include <mailin/session.h>

#include "store/maildir.h"

/* A message on its way from a session into the Maildir. */
struct message {
	char *envelope;  /* from whom, to whom: for the log */
	uint64_t octets; /* as the client sent them */
	struct maildir_file file;
};

/* Begin one for the transaction under way, and write its trace header.  NULL:
 * no memory. */
struct message *message_new(struct maildir *maildir,
    const struct mailin_session *session);

/* Add octets of the body.  Answers OK or, with the reason on stderr, what the
 * client is to be told. */
enum mailin_reply message_add(struct message *message,
    struct mailin_span octets);

/* Bring it to the disk and write its line of the log.  It may take long.
 * Answers likewise. */
enum mailin_reply message_store(struct message *message);

/* Drop it, if it was not stored, and free it.  NULL is allowed. */
void message_free(struct message *message);

#endif
