/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CLIENT_RUN_H
#define MAILIN_FUZZ_CLIENT_RUN_H

#include "client_observer.h"

/* Runs a client on an input, and records what the client sends. */

#define FLAG_LMTP    1
#define FLAG_RELAXED 2
#define FLAG_UTF8    4 /* MAIL with SMTPUTF8 */

/* Each flag puts the value of the input into one field of the envelope. */
#define FLAG_LOCAL  8
#define FLAG_DOMAIN 16
#define FLAG_ENVID  32
#define FLAG_ORCPT  64
#define FLAG_AUTH   128

struct input {
	unsigned flags;
	size_t step;
	struct mailin_span value;
	struct mailin_span server;
};

/* One run of an input.  Its log must be the same for each value of "step", the
 * length of the pieces in which the client is fed. */
struct run {
	const struct input *input;
	size_t step;
	struct mailin_client *client;
	struct observer observer;
	bool is_held;
	char line[4096]; /* the octets of a line that is sent in parts */
	size_t line_len;
	const char *since; /* the first octet of the current reply */
	size_t len;
	char log[1 << 16];
};

/* Add octets to the log. */
void run_note(struct run *run, const char *octets, size_t len);

/* Send the output. */
void run_send(struct run *run);

/* Queue EHLO. */
void run_hello(struct run *run);

/* Try each command that may follow this reply.  The client refuses those that
 * are out of order. */
void run_next(struct run *run, const struct mailin_client_reply *reply);

#endif
