/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PIECES_H
#define MAILIN_TESTS_PIECES_H

#include <stdint.h>

#include "message/body.h"
#include "support/decoder.h"
#include "support/place.h"

/* The decoder of src/message/body.c, run over a stream that comes in pieces. */

struct pieces {
	size_t first, each; /* octets: of each behind the first */
	size_t times;       /* so often, then the rest; 0: always */
	enum place place;   /* where each lies */
	unsigned alignment;
	bool skips;                /* refused behind the first: none is read */
	enum mailin_vector vector; /* how wide it is looked at */
	size_t room;               /* gather in so much; 0: do not */
};

#define WHOLE      ((struct pieces){ .first = SIZE_MAX })
#define SINGLE     ((struct pieces){ .first = 1, .each = 1 })
#define IN_TWO(at) ((struct pieces){ .first = (at), .each = SIZE_MAX })

/* How a message is read: newline i / 2, and with dots (DATA) if i is odd. */
#define POLICIES          6
#define POLICY_NEWLINE(i) ((enum mailin_bare_newline)((i) / 2))
#define POLICY_DOTS(i)    ((i) % 2 != 0)

/* mailin_vector_has(), which takes a while, asked once. */
bool pieces_has(enum mailin_vector vector);

/* BDAT: the stream is all of the message. */
void pieces_run(struct decoded *got, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, struct pieces pieces);

/* What the other decoder makes of it, in each policy; until the next call. */
const struct decoded *pieces_decode(struct mailin_span stream);

/* Hold it against what the other decoder makes of the stream; the former in
 * every width that there is, and gathered too. */
void pieces_compare(const struct decoded *want, struct mailin_span stream,
    int policy, struct pieces pieces);
void pieces_compare_one(const struct decoded *want, struct mailin_span stream,
    int policy, struct pieces pieces);

/* In every policy, in each of the ways. */
void pieces_compare_all(struct mailin_span stream, const struct pieces *ways,
    size_t count);

/* In every policy, whole and octet by octet; with splits, in two at every
 * place too, also where the second is skipped. */
void pieces_check(struct mailin_span stream, bool splits);

#endif
