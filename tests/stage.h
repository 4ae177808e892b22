/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_STAGE_H
#define MAILIN_TESTS_STAGE_H

#include "client.h"

/* Every situation that a session can be in, and the way there. */
struct stage {
	const char      *name;
	const char      *lines;    /* what the client has sent */
	enum on          pending;  /* this callback answers PENDING */
	enum on          refused;  /* and this one FAILED */
	enum mailin_want want;
	unsigned         flags;
};

#define STAGE_LMTP     1u
#define STAGE_UNOPENED 2u /* not even greeted */
#define STAGE_HAS_MAIL 4u /* a reset is due if it ends here */
#define STAGE_KEEPS_ON 8u /* shutdown waits for the message */
#define STAGE_PROXY    16u /* a PROXY header is expected, */
#define STAGE_TLS      32u /* TLS from the first octet, */
#define STAGE_WAITS    64u /* and either has still to come */

static inline bool
stage_is(const struct stage *stage, unsigned flag)
{
	return (stage->flags & flag) != 0;
}

extern const struct stage stages[];
extern const size_t stages_count;

/* A client with a new session, which has every extension and mechanism. */
void stage_open(const struct stage *stage, struct client *client);

/* Go from there to the stage. */
void stage_play(const struct stage *stage, struct client *client);

/* Both; what was logged and replied on the way is forgotten. */
void stage_enter(const struct stage *stage, struct client *client);

/* In every stage: enter it, check what must hold there, end the session. */
void stage_each(struct client *client,
    void (*check)(const struct stage *stage));
void stage_failed(const struct stage *stage, const char *what);

/* A condition that must hold in this stage; else check is done with it. */
#define HOLDS(stage, what) \
	do { \
		if (!(what)) { \
			stage_failed(stage, #what); \
			return; \
		} \
	} while (0)

#endif
