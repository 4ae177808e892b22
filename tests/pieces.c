/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "pieces.h"
#include "suite.h"

/* V9: every call makes progress, or answers with what it held back. */
static void
read_piece(struct mailin_body *body, struct decoded *got,
    const char *in, size_t len)
{
	size_t at = 0, calls = 0;
	struct mailin_span out;

	while (at < len && body->state != BODY_ENDED) {
		at += mailin_body_read(body, in + at, len - at, &out);
		if (at > len || ++calls > 2 * len + 4)
			ck_abort_msg("no progress");
		if (got->refused)
			continue;
		memcpy(got->octets + got->len, out.ptr != NULL ? out.ptr : "",
		    out.len);
		got->len += out.len;
		got->facts = body->facts;
		got->refused = body->refused;
	}
	got->used += at;
	got->ended = body->state == BODY_ENDED;
}

/* Property 5: each piece is a block of its own size, freed at once. */
static void
read_copy(struct mailin_body *body, struct decoded *got,
    const char *in, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		ck_abort_msg("no memory");
	memcpy(copy, in, len);
	read_piece(body, got, copy, len);
	free(copy);
}

static void
read_end(struct mailin_body *body, struct decoded *got)
{
	struct mailin_span out;

	mailin_body_finish(body, &out);
	if (got->refused)
		return;
	memcpy(got->octets + got->len, out.ptr != NULL ? out.ptr : "", out.len);
	got->len += out.len;
	got->facts = body->facts;
	got->refused = body->refused;
}

void
pieces_run(struct decoded *got, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, enum cut cut, size_t at)
{
	struct mailin_body body;
	size_t i;

	mailin_body_start(&body, newline, dots, mailin_vector_best());
	got->len = got->used = 0;
	got->ended = got->refused = false;
	got->facts = body.facts;
	if (cut == WHOLE)
		at = stream.len;
	if (cut == SINGLE) {
		for (i = 0; i < stream.len; i++)
			read_copy(&body, got, stream.ptr + i, 1);
	} else {
		read_copy(&body, got, stream.ptr, at);
		if (at < stream.len)
			read_copy(&body, got, stream.ptr + at,
			    stream.len - at);
	}
	if (!dots)
		read_end(&body, got);
}

static bool
are_equal_facts(const struct mailin_facts *a, const struct mailin_facts *b)
{
	return a->octets == b->octets && a->eight_bit == b->eight_bit &&
	    a->nul == b->nul && a->bare_cr == b->bare_cr &&
	    a->bare_lf == b->bare_lf && a->long_line == b->long_line;
}

/* Its last octets, for a message. */
static const char *
quote_tail(const char *octets, size_t len)
{
	size_t skip = len > 40 ? len - 40 : 0;

	return suite_quote((struct mailin_span){ octets + skip, len - skip });
}

static void
compare(const struct decoded *want, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, enum cut cut, size_t at)
{
	static struct decoded got;

	pieces_run(&got, stream, newline, dots, cut, at);
	if (got.len != want->len || got.used != want->used ||
	    got.ended != want->ended || got.refused != want->refused ||
	    memcmp(got.octets, want->octets, got.len) != 0 ||
	    !are_equal_facts(&got.facts, &want->facts))
		ck_abort_msg("%zu octets, %s: policy %d, %s, cut %d at %zu: "
		    "\"%s\" where \"%s\" is right, or other facts",
		    stream.len, quote_tail(stream.ptr, stream.len), newline,
		    dots ? "DATA" : "BDAT", cut, at,
		    quote_tail(got.octets, got.len),
		    quote_tail(want->octets, want->len));
}

void
pieces_check(struct mailin_span stream, bool splits)
{
	static struct decoded want;
	size_t at;
	int i;

	for (i = 0; i < 6; i++) {
		enum mailin_bare_newline newline =
		    (enum mailin_bare_newline)(i / 2);
		bool dots = i % 2;

		decoder_run(&want, stream, newline, dots, !dots);
		compare(&want, stream, newline, dots, WHOLE, 0);
		compare(&want, stream, newline, dots, SINGLE, 0);
		for (at = 1; splits && at < stream.len; at++)
			compare(&want, stream, newline, dots, TWO, at);
	}
}
