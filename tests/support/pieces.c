/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/pieces.h"
#include "support/suite.h"

/* A span that points into the input must be part of the octets that were
 * read. */
static bool
is_within(struct mailin_span out, const char *in, size_t used, size_t len)
{
	uintptr_t offset = (uintptr_t)out.ptr - (uintptr_t)in;

	return out.len == 0 || offset >= len ||
	    (offset <= used && out.len <= used - offset);
}

/* Call mailin_body_gather.  It must write the gathered octets into the
 * buffer that it is given, and leave the octets after this buffer unchanged. */
static size_t
gather(struct mailin_body *body, const char *in, size_t len, size_t size,
    struct mailin_span *out)
{
	static char room[4096];
	size_t used;

	if (size > sizeof room - 8)
		ck_abort_msg("no room to gather");
	memset(room + size, '#', 8);
	/* Pretend that many short pieces have come, so that the decoder
	 * gathers. */
	body->pieces = MAILIN_GATHER_AFTER;
	body->lull = 0;
	used = mailin_body_gather(body, in, len, room, size, out);
	if (out->ptr != room || out->len > size ||
	    memcmp(room + size, "########", 8) != 0)
		ck_abort_msg("more than %zu octets gathered", size);
	/* The decoder must not hold back octets that it could deliver
	 * (property 3). */
	if (used < len && used == 0 && out->len == 0 && !body->refused &&
	    body->state != BODY_ENDED)
		ck_abort_msg("nothing gathered");
	return used;
}

/* Every call must read octets, or return octets that were held back
 * (threat V9).  An empty input (property 4), and octets after the end, must
 * change nothing. */
static void
read_piece(struct mailin_body *body, struct decoded *got, const char *in,
    size_t len, size_t room)
{
	size_t at = 0, calls = 0, used;
	struct mailin_span out;

	do {
		used = room > 0 && len > at ?
		    gather(body, in + at, len - at, room, &out) :
		    mailin_body_read(body, in + at, len - at, &out);
		if (used > len - at || ++calls > 2 * len + 4)
			ck_abort_msg("no progress");
		if (room == 0 && !is_within(out, in + at, used, len - at))
			ck_abort_msg("%zu octets given out, %zu read", out.len,
			    used);
		at += used;
		if (got->refused)
			continue;
		decoder_put(got, out.ptr, out.len);
		got->facts = body->facts;
		got->refused = body->refused;
	} while (at < len && body->state != BODY_ENDED);
	got->used += at;
}

static void
skip_piece(struct mailin_body *body, struct decoded *got, const char *in,
    size_t len, bool dense)
{
	size_t at = 0, calls = 0, used;

	do {
		if (dense)
			body->pieces = MAILIN_GATHER_AFTER;
		used = mailin_body_skip(body, in + at, len - at);
		if (used > len - at || ++calls > 2 * len + 4)
			ck_abort_msg("no progress");
		at += used;
	} while (at < len && body->state != BODY_ENDED);
	got->used += at;
}

static void
read_end(struct mailin_body *body, struct decoded *got)
{
	struct mailin_span out;

	mailin_body_finish(body, &out);
	if (got->refused)
		return;
	decoder_put(got, out.ptr, out.len);
	got->facts = body->facts;
	got->refused = body->refused;
}

void
pieces_run(struct decoded *got, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, struct pieces pieces)
{
	struct mailin_body body;
	size_t at = 0, len = pieces.first, count = 0;

	mailin_body_start(&body, newline, dots, pieces.vector);
	got->len = got->used = 0;
	got->refused = false;
	got->facts = body.facts;
	while (at < stream.len) {
		const char *piece;

		if (len > stream.len - at)
			len = stream.len - at;
		/* No octet of the piece may be used after the call
		 * (property 5), so the next piece overwrites it. */
		piece = place_octets(pieces.place, pieces.alignment,
		    stream.ptr + at, len);
		if (pieces.skips && at >= pieces.first)
			skip_piece(&body, got, piece, len, pieces.room > 0);
		else
			read_piece(&body, got, piece, len, pieces.room);
		place_leave();
		at += len;
		len = count == pieces.times && count > 0 ? SIZE_MAX :
							   pieces.each;
		count++;
	}
	if (!dots)
		read_end(&body, got);
	got->ended = body.state == BODY_ENDED;
}

static const char *
name_facts(const struct mailin_facts *facts)
{
	static char texts[2][80];
	static unsigned turn;
	char *text = texts[turn++ % 2];

	snprintf(text, sizeof texts[0], "%llu octets%s%s%s%s%s",
	    (unsigned long long)facts->octets,
	    facts->eight_bit ? " eight_bit" : "", facts->nul ? " nul" : "",
	    facts->bare_cr ? " bare_cr" : "", facts->bare_lf ? " bare_lf" : "",
	    facts->long_line ? " long_line" : "");
	return text;
}

/* Returns the last octets of a stream, for a message. */
static const char *
quote_tail(const char *octets, size_t len)
{
	size_t skip = len > 40 ? len - 40 : 0;

	return suite_quote((struct mailin_span){ octets + skip, len - skip });
}

static void
differ(const struct decoded *want, const struct decoded *got,
    struct mailin_span stream, int policy, struct pieces pieces)
{
	size_t at = 0;

	while (at < got->len && at < want->len &&
	    got->octets[at] == want->octets[at])
		at++;
	ck_abort_msg(
	    "%zu octets, %s: policy %d, %s, "
	    "pieces of %zu, %zu (%zu)%s, place %d, alignment %u, vector %d, "
	    "room %zu: "
	    "\"%s\", %s, where \"%s\", %s is right; "
	    "they part at %zu; read %zu, not %zu, ended %d, refused %d",
	    stream.len, quote_tail(stream.ptr, stream.len),
	    (int)POLICY_NEWLINE(policy), POLICY_DOTS(policy) ? "DATA" : "BDAT",
	    pieces.first, pieces.each, pieces.times,
	    pieces.skips ? " skipped" : "", (int)pieces.place, pieces.alignment,
	    (int)pieces.vector, pieces.room, quote_tail(got->octets, got->len),
	    name_facts(&got->facts), quote_tail(want->octets, want->len),
	    name_facts(&want->facts), at, got->used, want->used, got->ended,
	    got->refused);
}

void
pieces_compare_one(const struct decoded *want, struct mailin_span stream,
    int policy, struct pieces pieces)
{
	static struct decoded got;

	pieces_run(&got, stream, POLICY_NEWLINE(policy), POLICY_DOTS(policy),
	    pieces);
	if (got.used != want->used || got.ended != want->ended)
		differ(want, &got, stream, policy, pieces);
	if (!pieces.skips &&
	    (got.len != want->len || got.refused != want->refused ||
		memcmp(got.octets, want->octets, got.len) != 0 ||
		!decoder_same_facts(&got.facts, &want->facts)))
		differ(want, &got, stream, policy, pieces);
}

bool
pieces_has(enum mailin_vector vector)
{
	static bool known, has[MAILIN_VECTOR_COUNT];
	int i;

	for (i = 0; !known && i < MAILIN_VECTOR_COUNT; i++)
		has[i] = mailin_vector_has((enum mailin_vector)i);
	known = true;
	return has[vector];
}

void
pieces_compare(const struct decoded *want, struct mailin_span stream,
    int policy, struct pieces pieces)
{
	int vector;

	for (vector = 0; vector < MAILIN_VECTOR_COUNT; vector++)
		if (pieces_has((enum mailin_vector)vector)) {
			pieces.vector = (enum mailin_vector)vector;
			pieces.room = 0;
			pieces_compare_one(want, stream, policy, pieces);
			pieces.room = MAILIN_TEXT_ROOM + stream.len % 1000;
			pieces_compare_one(want, stream, policy, pieces);
		}
}

const struct decoded *
pieces_decode(struct mailin_span stream)
{
	static struct decoded want[POLICIES];
	int i;

	for (i = 0; i < POLICIES; i++)
		decoder_run(&want[i], stream, POLICY_NEWLINE(i), POLICY_DOTS(i),
		    !POLICY_DOTS(i));
	return want;
}

void
pieces_compare_all(struct mailin_span stream, const struct pieces *ways,
    size_t count)
{
	const struct decoded *want = pieces_decode(stream);
	size_t i;
	int policy;

	for (policy = 0; policy < POLICIES; policy++)
		for (i = 0; i < count; i++)
			pieces_compare(&want[policy], stream, policy, ways[i]);
}

void
pieces_check(struct mailin_span stream, bool splits)
{
	const struct decoded *want = pieces_decode(stream);
	size_t at;
	int i;

	for (i = 0; i < POLICIES; i++) {
		pieces_compare(&want[i], stream, i, WHOLE);
		pieces_compare(&want[i], stream, i, SINGLE);
		for (at = 0; splits && at < stream.len; at++) {
			struct pieces pieces = IN_TWO(at);

			pieces_compare(&want[i], stream, i, pieces);
			pieces.skips = true;
			if (POLICY_DOTS(i))
				pieces_compare(&want[i], stream, i, pieces);
		}
	}
}
