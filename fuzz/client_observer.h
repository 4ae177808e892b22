/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CLIENT_OBSERVER_H
#define MAILIN_FUZZ_CLIENT_OBSERVER_H

#include "check.h"

/* An observer of a client (V64, V66).  It sees which calls were accepted, the
 * lines that were sent and the octets of each reply, and knows RFC 5321, 2920,
 * 3207, 4954 and 6531.  It does not know the library's table of steps.  It
 * aborts the program if the client does something that is not allowed. */

#define OBSERVER_RECIPIENTS 3

enum observer_phase {
	OBSERVER_FRESH, /* until EHLO is accepted */
	OBSERVER_READY,
	OBSERVER_MAIL,      /* a transaction is open */
	OBSERVER_BODY,      /* 354 has come */
	OBSERVER_TLS,       /* the 220 to STARTTLS has come */
	OBSERVER_CHALLENGE, /* a 334 has come */
	OBSERVER_REFUSED,   /* only QUIT may come */
	OBSERVER_CLOSED
};

struct observer {
	const struct mailin_client *client;
	bool lmtp, relaxed;
	struct mailin_span value; /* the message, and each SASL response */

	/* Commands that were queued and have no reply, the oldest first.  The
	 * first "sent" of them were sent. */
	enum mailin_client_step steps[MAILIN_CLIENT_AWAITED];
	size_t count, sent;

	enum observer_phase phase;
	struct mailin_span hello; /* the last reply to EHLO; absent: none */

	/* The parameters and addresses that the next lines of MAIL and RCPT
	 * must have. */
	uint32_t mail_parameters, rcpt_parameters;
	struct mailin_span mail_local, mail_domain, rcpt_local, rcpt_domain;

	/* Members that belong to the current transaction. */
	bool smtputf8;
	size_t rcpts;    /* replies to RCPT */
	size_t verdicts; /* replies to the message */
	size_t taken[OBSERVER_RECIPIENTS], taken_count;

	char message[2 * 255 + 5]; /* the message as it was sent */
	size_t message_len;
};

void observer_start(struct observer *observer,
    const struct mailin_client *client, bool lmtp, bool relaxed);

/* Call this after a call has queued the command of a step. */
void observer_queued(struct observer *observer, enum mailin_client_step step);

/* Call this when octets of the message were sent. */
void observer_message(struct observer *observer, struct mailin_span octets);

/* Call this when a whole line of the client's output was sent. */
void observer_line(struct observer *observer, struct mailin_span line);

/* Call this after the client has read a reply.  octets are the octets of the
 * reply. */
void observer_reply(struct observer *observer,
    const struct mailin_client_reply *reply, struct mailin_span octets);

/* Call this when the TLS handshake is done. */
void observer_tls(struct observer *observer);

/* Check the client between two calls.  is_reading is true if the client has
 * read a part of a reply. */
void observer_between(const struct observer *observer, bool is_reading);

#endif
