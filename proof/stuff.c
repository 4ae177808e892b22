/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Decides that the decoder is the inverse of mailin_stuff_feed(), and searches
 * all pairs of their states.  A message goes through mailin_stuff_feed().  The
 * output goes into a decoder that refuses bare newlines.  See proof/README.md.
 */
#include <stdlib.h>

#include <mailin/stuff.h>

#include "claim.h"
#include "decoder.h"

/* A pair of states.  "late" holds the octets of the message that the decoder
 * has not handed on yet. */
struct pair {
	struct mailin_stuff stuff;
	struct mailin_body body;
	struct octets late;
};

#define MOST_PAIRS 32

struct search {
	struct pair pairs[MOST_PAIRS];
	int count;
};

static void
add(struct search *search, const struct pair *pair)
{
	int i;

	for (i = 0; i < search->count; i++)
		if (search->pairs[i].stuff.state == pair->stuff.state &&
		    search->pairs[i].body.state == pair->body.state &&
		    octets_equal(&search->pairs[i].late, &pair->late))
			return;
	if (search->count == MOST_PAIRS)
		abort();
	search->pairs[search->count++] = *pair;
}

/* Give the output of mailin_stuff_feed() to the decoder.  Returns false if the
 * decoder refuses it, or finds an end before the last octet. */
static bool
transmit(struct mailin_body *body, struct mailin_span wire, struct octets *out)
{
	size_t i;

	for (i = 0; i < wire.len; i++) {
		if (body->state == BODY_ENDED || body->refused)
			return false;
		decoder_read(body, wire.ptr[i], out);
	}
	return !body->refused;
}

/* Send one octet of the message through mailin_stuff_feed() and the decoder.
 * If is_bare is true, the octet is a bare CR or LF, or shows that the octet
 * before it was bare.  mailin_stuff_feed() must refuse it. */
static bool
is_edge_right(struct pair *pair, char octet, bool *is_bare)
{
	struct mailin_span in = { &octet, 1 }, wire;
	struct octets got = { 0, "" }, want = pair->late;

	*is_bare = (pair->late.len > 0) != (octet == '\n');
	octets_add(&want, &octet, 1);
	while (in.len > 0) {
		if (mailin_stuff_feed(&pair->stuff, &in, &wire) != MAILIN_OK)
			return *is_bare;
		if (!transmit(&pair->body, wire, &got) ||
		    pair->body.state == BODY_ENDED)
			return false;
	}
	if (*is_bare || got.len > want.len ||
	    memcmp(want.octets, got.octets, got.len) != 0)
		return false;
	pair->late.len = 0;
	octets_add(&pair->late, want.octets + got.len, want.len - got.len);
	return pair->late.len == 0 || octet == '\r';
}

/* End the message here. */
static bool
is_end_right(struct pair pair)
{
	bool is_line = pair.body.state == BODY_LINE_START;
	struct mailin_span wire;
	struct octets got = { 0, "" }, want = { is_line ? 0 : 2, "\r\n" };

	if (mailin_stuff_end(&pair.stuff, &wire) != MAILIN_OK)
		return pair.late.len > 0;
	return pair.late.len == 0 && transmit(&pair.body, wire, &got) &&
	    pair.body.state == BODY_ENDED && octets_equal(&got, &want);
}

static void
fail(struct claim *claim, const struct pair *pair, int octet)
{
	claim->failed = true;
	snprintf(claim->counterexample, sizeof claim->counterexample,
	    "counterexample: state %d, decoder %d, octet %d", pair->stuff.state,
	    (int)pair->body.state, octet);
}

static void
walk(struct search *search, struct claim *claim, struct claim *end)
{
	struct pair pair = { .stuff = MAILIN_STUFF_INIT };
	int at, octet;
	bool is_bare;

	mailin_body_start(&pair.body, MAILIN_BARE_NEWLINE_REJECT, true,
	    mailin_vector_best());
	add(search, &pair);
	for (at = 0; at < search->count && !claim->failed; at++) {
		for (octet = 0; octet < 256; octet++) {
			pair = search->pairs[at];
			claim->cases++;
			if (!is_edge_right(&pair, (char)octet, &is_bare))
				fail(claim, &search->pairs[at], octet);
			else if (!is_bare)
				add(search, &pair);
		}
		end->cases++;
		if (!is_end_right(search->pairs[at]))
			fail(end, &search->pairs[at], -1);
	}
}

/* ---- Pieces -------------------------------------------------------------- */

#define WORD 8

struct written {
	enum mailin_error error;
	int state;
	size_t len;
	char octets[2 * WORD + 2];
};

static void
stuff_piece(struct written *written, const char *octets, size_t len)
{
	struct mailin_stuff stuff = { .state = written->state };
	struct mailin_span in = { octets, len }, wire;

	while (in.len > 0 && written->error == MAILIN_OK) {
		written->error = mailin_stuff_feed(&stuff, &in, &wire);
		if (written->error != MAILIN_OK)
			break;
		if (wire.len > 0)
			memcpy(written->octets + written->len, wire.ptr,
			    wire.len);
		written->len += wire.len;
	}
	written->state = stuff.state;
}

/* Returns true if a word that is fed whole, or cut once, gives the same result
 * as a word that is fed octet by octet. */
static bool
is_word_right(const char *word, size_t len)
{
	struct written want = { MAILIN_OK, 0, 0, "" }, got;
	size_t i;

	for (i = 0; i < len; i++)
		stuff_piece(&want, word + i, 1);
	for (i = 0; i < len; i++) {
		got = (struct written){ MAILIN_OK, 0, 0, "" };
		stuff_piece(&got, word, i);
		stuff_piece(&got, word + i, len - i);
		if (got.error != want.error)
			return false;
		if (want.error == MAILIN_OK &&
		    (got.state != want.state || got.len != want.len ||
			memcmp(got.octets, want.octets, got.len) != 0))
			return false;
	}
	return true;
}

static void
try_words(struct claim *claim)
{
	char word[WORD];
	size_t len, i;
	unsigned number;

	for (len = 1; len <= WORD; len++)
		for (number = 0; number < 1U << 2 * len; number++) {
			for (i = 0; i < len; i++)
				word[i] = "\r\n.a"[number >> 2 * i & 3];
			claim->cases++;
			if (is_word_right(word, len) || claim->failed)
				continue;
			claim->failed = true;
			claim_quote(claim->counterexample,
			    sizeof claim->counterexample, word, len);
		}
}

int
main(void)
{
	struct claim octets = {
		.what = "the decoder reads what mailin_stuff_feed() "
			"writes back as it was, and only a bare "
			"CR or LF is refused"
	};
	struct claim end = { .what = "a message that was stuffed ends where "
				     "mailin_stuff_end() ends it" };
	struct claim pieces = {
		.what = "mailin_stuff_feed() writes the same at any "
			"cut",
		.bound = "words of 8 octets, cut once"
	};
	static struct search search;
	bool held;

	walk(&search, &octets, &end);
	try_words(&pieces);
	held = claim_end(&octets);
	held &= claim_end(&end);
	held &= claim_end(&pieces);
	return held ? EXIT_SUCCESS : EXIT_FAILURE;
}
