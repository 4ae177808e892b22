/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_STAGE_H
#define MAILIN_TESTS_STAGE_H

#include "support/client.h"

/* The stages: every situation that a session can be in, and how to get
 * there. */
struct stage {
	const char *name;
	const char *lines; /* lines of the client */
	enum on pending;   /* this callback returns PENDING */
	enum on refused;   /* this callback returns FAILED */
	enum mailin_want want;
	unsigned flags;
};

#define STAGE_LMTP     1u
#define STAGE_UNOPENED 2u  /* before the greeting */
#define STAGE_HAS_MAIL 4u  /* ends with a call of "reset" */
#define STAGE_KEEPS_ON 8u  /* a shutdown waits for the transaction */
#define STAGE_PROXY    16u /* a PROXY header is expected */
#define STAGE_TLS      32u /* TLS from the first octet */
#define STAGE_WAITS    64u /* PROXY or TLS must come first */

static inline bool
stage_is(const struct stage *stage, unsigned flag)
{
	return (stage->flags & flag) != 0;
}

extern const struct stage stages[];
extern const size_t stages_count;

/* Begin a client and a session that has every extension and mechanism. */
void stage_open(const struct stage *stage, struct client *client);

/* Bring that client to the stage. */
void stage_play(const struct stage *stage, struct client *client);

/* Does what stage_open and stage_play do, and then discards the log and the
 * replies so far. */
void stage_enter(const struct stage *stage, struct client *client);

/* For every stage: enter it, call check, and end the session. */
void stage_each(struct client *client,
    void (*check)(const struct stage *stage));
void stage_failed(const struct stage *stage, const char *what);

/* Check the condition; if it is false, print the stage and return from
 * check. */
#define HOLDS(stage, what) \
	do { \
		if (!(what)) { \
			stage_failed(stage, #what); \
			return; \
		} \
	} while (0)

#endif
