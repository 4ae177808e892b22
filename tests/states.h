/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_STATES_H
#define MAILIN_TESTS_STATES_H

#include "session_data.h"
#include "stage.h"

/* Sessions in every state, looked at from inside. */

/* What a transaction is, and what the client is known by; all else of a
 * session may change with any line. */
struct snapshot {
	char                lines[1024];
	size_t              lines_len, mail_len, count;
	size_t              starts[8];
	bool                lost, utf8, binary, rcpt_refused, over_size;
	struct mailin_body  body;
	enum mailin_reply   refusal;
	uint64_t            discarded;
	size_t              answers;
	bool                in_chunk;

	enum mailin_state   state;
	enum mailin_verb    greeting;
	const char         *helo_name, *identity;
};

/* Of the transaction alone, and of all that is above. */
void snapshot_take(struct snapshot *snapshot,
    const struct mailin_session *session);
void snapshot_take_all(struct snapshot *snapshot,
    const struct mailin_session *session);
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b);

/* A command line and what it is. */
struct command_line {
	enum mailin_event event;
	const char       *text;
};

extern const struct command_line good_lines[], bad_lines[];
extern const size_t good_lines_count, bad_lines_count;

/* How a server may differ from one that offers everything. */
struct variant {
	const char *name;
	const char *setting, *value;    /* NULL: none */
	unsigned    extensions_off;     /* all */
};

extern const struct variant variants[];
extern const size_t variants_count;

/* The session waits for a command, with none begun. */
bool states_at_command(const struct stage *stage,
    const struct mailin_session *session);

/* Enter a stage with everything on, but for the variant's difference. */
void states_enter(struct client *client, const struct stage *stage,
    const struct variant *variant);

/* The code of the one reply that came; 0 if it is not one. */
int states_code(struct client *client);

#endif
