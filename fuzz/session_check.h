/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_CHECK_H
#define MAILIN_FUZZ_SESSION_CHECK_H

#include "check.h"

/* Facts that must be true for every session, whatever its input.  They are
 * checked in the handler and on the output.  A violation aborts the program. */

/* A growing string of octets.  If all members are zero, it is empty. */
struct pile {
	char *octets;
	size_t len, room;
};

void pile_add(struct pile *pile, const void *octets, size_t len);

/* The members that session_stream.h uses. */
struct stream {
	struct mailin_span left; /* the rest of the stream, which is not
				    checked yet */
	bool in_message;
	bool must_end; /* no line may be reported any more */
	bool is_long;  /* the last line was longer than its limit */
};

struct check {
	struct mailin_session *session;
	bool memory_fails;
	bool has_texts; /* replies may have custom texts */

	/* Everything that has happened.  Consecutive octets of data are one
	 * event. */
	struct pile log;
	bool in_data;
	struct pile out;

	/* Members that belong to the session. */
	uint64_t token; /* the token of the last decision */
	bool closed;
	bool aborted; /* the session was aborted, and drops its output */

	/* Members that belong to the current transaction. */
	bool in_transaction; /* "rcpt" was called, so MAIL was accepted */
	bool ended; /* the callback "reset" or "delivered" was called */
	uint64_t octets;
	char last_octet;
	size_t ends; /* the number of calls of the callback "data_end" */
	struct pile message;

	struct stream stream;

	/* Replies to the last line. */
	enum mailin_verb verb; /* UNKNOWN: no command yet */
	bool any_line;
	bool is_challenge; /* the last reply was 334 */
	bool is_response;  /* the line is the response to a challenge */
	size_t recipients; /* recipients of the transaction before the line */
	size_t replies;
	bool has_3xx;
};

void check_free(struct check *check);

/* Log an event.  A field is an octet string that the client chose. */
void check_event(struct check *check, const char *name);
void check_field(struct check *check, struct mailin_span field, bool utf8);

/* check_printable() logs a name that may be invalid, and so may have any octet
 * above 127.  check_parameters() logs each parameter of the text alone, because
 * tabs may separate them. */
void check_printable(struct check *check, struct mailin_span field);
void check_parameters(struct check *check, struct mailin_span text);
void check_path(struct check *check, const struct mailin_path *path);
/* Call this in each callback that decides. */
void check_decision(struct check *check);

void check_data_start(struct check *check);
void check_data(struct check *check, struct mailin_span octets);
void check_data_end(struct check *check, const struct mailin_rcpt *rcpt);
/* Call this in the callbacks "reset" and "delivered". */
void check_transaction_end(struct check *check, bool delivered);
void check_close(struct check *check);
void check_line_in(struct check *check, struct mailin_span line);
void check_line_out(struct check *check, struct mailin_span line);

/* Check all output of a session that has ended. */
void check_output(const struct check *check);
/* Check that the session reads no more input. */
void check_ended(struct check *check);

#endif
