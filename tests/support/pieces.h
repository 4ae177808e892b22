/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PIECES_H
#define MAILIN_TESTS_PIECES_H

#include <stdint.h>

#include "message/body.h"
#include "support/decoder.h"
#include "support/place.h"

/* Runs the decoder of src/message/body.c over a stream that is cut in
 * pieces. */

struct pieces {
	size_t first; /* length of the first piece */
	size_t each;  /* length of each later piece */
	/* After this many later pieces, one piece has the rest; 0: never. */
	size_t times;
	enum place place; /* the memory that a piece is copied to */
	unsigned alignment;
	bool skips; /* mailin_body_skip reads all pieces but the first */
	enum mailin_vector vector; /* the vector that the decoder uses */
	size_t room; /* size of the buffer to gather in; 0: none */
};

#define WHOLE      ((struct pieces){ .first = SIZE_MAX })
#define SINGLE     ((struct pieces){ .first = 1, .each = 1 })
#define IN_TWO(at) ((struct pieces){ .first = (at), .each = SIZE_MAX })

/* Two cases for each policy of bare newlines: case i has the policy i / 2.  In
 * odd cases dots are stuffed (DATA), in even cases they are not (BDAT). */
#define POLICIES          6
#define POLICY_NEWLINE(i) ((enum mailin_bare_newline)((i) / 2))
#define POLICY_DOTS(i)    ((i) % 2 != 0)

/* Like mailin_vector_has(), which is slow, but remembers its results. */
bool pieces_has(enum mailin_vector vector);

/* Decode a stream in pieces.  With BDAT, the stream is the whole message. */
void pieces_run(struct decoded *got, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, struct pieces pieces);

/* Returns the result of decoder.h for each policy.  It is valid until the next
 * call. */
const struct decoded *pieces_decode(struct mailin_span stream);

/* Compare the decoder with the result of decoder.h: with every vector that this
 * machine has, and with gathering. */
void pieces_compare(const struct decoded *want, struct mailin_span stream,
    int policy, struct pieces pieces);
void pieces_compare_one(const struct decoded *want, struct mailin_span stream,
    int policy, struct pieces pieces);

/* Compare with every policy, and cut the stream in each of these ways. */
void pieces_compare_all(struct mailin_span stream, const struct pieces *ways,
    size_t count);

/* Compare for every policy, with the stream as a whole and octet by octet.  If
 * splits is true, also cut the stream in two at every place, and let the
 * decoder skip the second piece, as after a refusal. */
void pieces_check(struct mailin_span stream, bool splits);

#endif
