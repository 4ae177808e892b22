/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_STATES_H
#define MAILIN_TESTS_STATES_H

#include "session/data.h"
#include "support/stage.h"

/* Functions that look into sessions in every state. */

/* A snapshot: the transaction, and the identity of the client.  Any line may
 * change the other members of a session. */
struct snapshot {
	char lines[1024];
	size_t lines_len, mail_len, count;
	size_t starts[8];
	bool end_reported, utf8, binary, rcpt_refused, over_size;
	struct mailin_body body;
	enum mailin_reply refusal;
	uint64_t discarded;
	size_t answers;
	bool in_chunk;

	enum mailin_state state;
	enum mailin_verb greeting;
	const char *helo_name, *identity;
};

/* Take a snapshot of the transaction alone, or of all members above. */
void snapshot_take(struct snapshot *snapshot,
    const struct mailin_session *session);
void snapshot_take_all(struct snapshot *snapshot,
    const struct mailin_session *session);
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b);

/* A command line and its event. */
struct command_line {
	enum mailin_event event;
	const char *text;
};

extern const struct command_line good_lines[], bad_lines[];
extern const size_t good_lines_count, bad_lines_count;

/* A variant: how a server differs from one that offers everything. */
struct variant {
	const char *name;
	const char *setting, *value; /* NULL: no setting differs */
	unsigned extensions_off;     /* all extensions are off */
};

extern const struct variant variants[];
extern const size_t variants_count;

/* Returns true if the session waits for a new command. */
bool states_at_command(const struct stage *stage,
    const struct mailin_session *session);

/* Enter a stage with everything offered, except what the variant changes. */
void states_enter(struct client *client, const struct stage *stage,
    const struct variant *variant);

/* Returns the code of the reply, or 0 if there was no reply or more than
 * one. */
int states_code(struct client *client);

#endif
