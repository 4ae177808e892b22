/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ACCOUNT_H
#define MAILIN_SERVER_ACCOUNT_H

#include <stdint.h>
#include <time.h>

#include <mailin/session.h>

#include "log/record.h"

/* The longest user name that the log shows for a failed AUTH. */
#define ACCOUNT_LOGIN 100

/* The facts of a session for the log.  At first all members are zero, except
 * "number" and "since". */
struct account {
	unsigned long number;
	struct timespec since; /* by CLOCK_MONOTONIC, when the session began */
	unsigned good[MAILIN_VERB_COUNT], all[MAILIN_VERB_COUNT];
	/* How many replies to the message were sent since the last command: by
	 * LMTP there is one for each recipient, in order (RFC 2033 4.2). */
	size_t verdicts;
	/* The user of the current AUTH, as the client has named it. */
	char login[ACCOUNT_LOGIN];
	size_t login_len;
	const char *mechanism; /* the mechanism of the current AUTH; NULL: not
				  known */
};

/* Begin the account of the session with this number. */
void account_begin(struct account *account, unsigned long number);

/* Call when the client wants to log in, before that is decided. */
void account_login(struct account *account, const char *mechanism,
    struct mailin_span user);

/* Call when a reply was queued.  Counts the reply, and logs it if it is a
 * refusal. */
void account_replied(struct account *account,
    const struct mailin_session *session, const struct mailin_outcome *outcome);

/* Log why the client's certificate gives the client no name. */
void account_certificate(const struct account *account,
    const struct mailin_session *session, const char *reason);

/* Call when the session has ended.  Writes its line of the log. */
void account_close(const struct account *account,
    const struct mailin_session *session, enum mailin_close_reason reason,
    uint64_t octets_in, uint64_t octets_out);

/* Add the fields that name the client: session, client, origin, helo, user. */
void account_client(struct record *record, unsigned long number,
    const struct mailin_session *session);

/* Add the field "from".  If recipients were accepted, add "to" and
 * "recipients". */
void account_envelope(struct record *record,
    const struct mailin_session *session);

/* Add the version of TLS, if there is TLS. */
void account_tls(struct record *record, const struct mailin_session *session);

#endif
