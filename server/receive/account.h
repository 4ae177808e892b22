/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ACCOUNT_H
#define MAILIN_SERVER_ACCOUNT_H

#include <stdint.h>
#include <time.h>

#include <mailin/session.h>

#include "log/record.h"

/* The longest user name that the log shows of a failed AUTH. */
#define ACCOUNT_LOGIN 100

/* What the log tells of a session.  It begins as all zero, but for number and
 * since. */
struct account {
	unsigned long number;
	struct timespec since; /* CLOCK_MONOTONIC */
	unsigned good[MAILIN_VERB_COUNT], all[MAILIN_VERB_COUNT];
	/* Of the AUTH under way: the user, as the client names it. */
	char login[ACCOUNT_LOGIN];
	size_t login_len;
	const char *mechanism; /* NULL: not known */
};

/* Begin the account of session number number. */
void account_begin(struct account *account, unsigned long number);

/* The client wants to log in.  Call this before the decision. */
void account_login(struct account *account, const char *mechanism,
    struct mailin_span user);

/* A reply was queued: count it, and write a line if it is a refusal. */
void account_replied(struct account *account,
    const struct mailin_session *session, const struct mailin_outcome *outcome);

/* The session has ended: write its line. */
void account_close(const struct account *account,
    const struct mailin_session *session, enum mailin_close_reason reason,
    uint64_t octets_in, uint64_t octets_out);

/* Add who the client of the session is: session, client, origin, helo, user. */
void account_client(struct record *record, unsigned long number,
    const struct mailin_session *session);

/* Add the fields "from" and, for accepted recipients, "to" and "recipients". */
void account_envelope(struct record *record,
    const struct mailin_session *session);

/* Add the version of TLS, if there is TLS. */
void account_tls(struct record *record, const struct mailin_session *session);

#endif
