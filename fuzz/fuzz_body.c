/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: the octets of a message, read with each vector, whole or in
 * pieces, gathered or not, and skipped.  The result must always be that of the
 * slow decoder of tests/support/decoder.h.  The first two octets of the input
 * choose the policy and the pieces; the rest is the message.
 */
#include "check.h"
#include "message/body.h"
#include "support/decoder.h"

/* The maximum length of a piece, in octets. */
#define MOST ((size_t)16384)

struct way {
	enum mailin_vector vector;
	size_t piece; /* octets of each piece, 0: all in one */
	size_t room;  /* room to gather in; 0: do not gather */
};

static struct decoded want;
static char got[2 * MOST];

static size_t
read_some(struct mailin_body *body, const struct way *way, const char *in,
    size_t len, struct mailin_span *out)
{
	static char room[1536];

	if (way->room > 0 && mailin_body_is_dense(body))
		return mailin_body_gather(body, in, len, room, way->room, out);
	return mailin_body_read(body, in, len, out);
}

static void
try_way(struct mailin_span in, enum mailin_bare_newline newline, bool dots,
    const struct way *way)
{
	struct mailin_body body;
	struct mailin_span out;
	size_t used = 0, len = 0, end;

	mailin_body_start(&body, newline, dots, way->vector);
	if (way->room > 0)
		body.pieces = MAILIN_GATHER_AFTER;
	for (end = way->piece; used < in.len && !body.refused;) {
		end = way->piece == 0 || in.len - used < way->piece ?
		    in.len :
		    used + way->piece;
		used += read_some(&body, way, in.ptr + used, end - used, &out);
		CHECK(out.len <= sizeof got - len);
		if (out.len > 0)
			memcpy(got + len, out.ptr, out.len);
		len += out.len;
		if (body.state == BODY_ENDED)
			break;
	}
	CHECK(body.refused == want.refused);
	CHECK(len == want.len && memcmp(got, want.octets, len) == 0);
	CHECK(decoder_same_facts(&body.facts, &want.facts));
	CHECK(want.refused || used == want.used);
	CHECK(want.refused || (body.state == BODY_ENDED) == want.ended);
}

/* Skip the octets of a message that was refused.  The decoder must find its
 * end, and has no output. */
static void
try_skip(struct mailin_span in, enum mailin_bare_newline newline, bool dots,
    const struct way *way)
{
	struct mailin_body body;
	size_t used = 0, piece;

	mailin_body_start(&body, newline, dots, way->vector);
	body.refused = true;
	while (used < in.len && body.state != BODY_ENDED) {
		piece = way->piece == 0 || in.len - used < way->piece ?
		    in.len - used :
		    way->piece;
		used += mailin_body_skip(&body, in.ptr + used, piece);
	}
	CHECK((body.state == BODY_ENDED) == want.ended);
	CHECK(used == want.used);
}

#define WAYS 6

/* Read the message in one of WAYS ways, with each vector. */
static void
try_vectors(struct mailin_span in, enum mailin_bare_newline newline, bool dots,
    size_t piece, size_t number)
{
	static const size_t rooms[] = { 0, MAILIN_TEXT_ROOM, 1536 };
	static bool has[MAILIN_VECTOR_COUNT], is_known;
	struct way way = { .piece = number % 2 == 0 ? 0 : piece,
		.room = rooms[number / 2] };
	int vector;

	/* To ask the processor is slow in a virtual machine. */
	for (vector = 0; vector < MAILIN_VECTOR_COUNT && !is_known; vector++)
		has[vector] = mailin_vector_has((enum mailin_vector)vector);
	is_known = true;
	for (vector = 0; vector < MAILIN_VECTOR_COUNT; vector++) {
		way.vector = (enum mailin_vector)vector;
		if (!has[vector])
			continue;
		try_way(in, newline, dots, &way);
		try_skip(in, newline, dots, &way);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum mailin_bare_newline newline;
	struct mailin_span in;
	char *copy;
	size_t i;
	bool dots;

	if (size < 2 || size - 2 > MOST)
		return 0;
	newline = (enum mailin_bare_newline)(data[0] % 3);
	dots = data[0] / 3 % 2 == 0;
	copy = check_copy(data + 2, size - 2);
	in = (struct mailin_span){ copy, size - 2 };
	decoder_run(&want, in, newline, dots, false);
	if (check_all())
		for (i = 0; i < WAYS; i++)
			try_vectors(in, newline, dots, data[1], i);
	else
		try_vectors(in, newline, dots, data[1],
		    check_choose(data, size, WAYS));
	check_drop(copy, size - 2);
	return 0;
}
