/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CALLS_H
#define MAILIN_FUZZ_CALLS_H

#include <stdint.h>

#include <mailin.h>

/* A program that makes arbitrary calls at arbitrary times.  The input chooses
 * them. */
struct calls {
	const uint8_t *data;
	size_t size, at;
	struct mailin_session *session; /* NULL: the session was freed */
	uint64_t allocations, fails;
	size_t blocks;

	bool begun, ended, mute;
	bool was_closed; /* the session was closed before the current call */
	bool freed;      /* the session was freed inside a callback */
	bool in_transaction; /* MAIL was accepted, and the transaction has not
				ended */
	unsigned closes;
	uint64_t tokens[4]; /* the tokens of decisions that were PENDING */
	unsigned token_count;
	unsigned depth; /* number of callbacks that run now */
};

/* Returns the next octet of the input, or 0 after the last one. */
uint8_t calls_next(struct calls *calls);

/* In calls_any.c: call a public function that the input chooses.  If inside is
 * true, the call is made inside a callback, where most functions must change
 * nothing. */
void calls_any(struct calls *calls, bool inside);
/* Call mailin_session_resume, with the token of a pending decision or with a
 * stale token. */
void calls_resume(struct calls *calls);

/* The handler, which is in calls_handler.c. */
extern const struct mailin_handler calls_handler;

#endif
