/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_CALLS_H
#define MAILIN_FUZZ_CALLS_H

#include <stdint.h>

#include <mailin.h>

/* A program that calls anything at any time; the input says what. */
struct calls {
	const uint8_t *data;
	size_t size, at;
	struct mailin_session *session; /* NULL: freed */
	uint64_t allocations, fails;
	size_t blocks;

	bool begun, ended, mute;
	bool was_closed;     /* before the present call */
	bool freed;          /* from inside a callback */
	bool in_transaction; /* MAIL was accepted; not ended */
	unsigned closes;
	uint64_t tokens[4]; /* of decisions that were PENDING */
	unsigned token_count;
	unsigned depth; /* callbacks that run */
};

/* The next octet of the input; 0 after the last. */
uint8_t calls_next(struct calls *calls);

/* calls_any.c: call one public function or another.  inside: from inside a
 * callback, where most must change nothing. */
void calls_any(struct calls *calls, bool inside);
/* Resume a decision that waits, or none. */
void calls_resume(struct calls *calls);

/* calls_handler.c */
extern const struct mailin_handler calls_handler;

#endif
