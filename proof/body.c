/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Decides that only CR LF . CR LF ends a message, at any length and at any cut.
 * It searches all pairs of a state of src/message/body.c (octet by octet) and a
 * state of its specification, decoder.h.  It also shows that the other members
 * of the decoder, which count as no part of its state, have no influence on the
 * octets.  See proof/README.md.
 */
#include <stdlib.h>

#include "claim.h"
#include "decoder.h"

#if defined __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define HAS_MSAN 1
#endif
#endif

#define POLICIES ((int)MAILIN_BARE_NEWLINE_PRESERVE + 1)
#define COLUMNS  (MAILIN_TEXT_LINE + 1)

/* The state of the decoder, and the state of the specification. */
struct pair {
	struct mailin_body body;
	struct spec spec;
};

/* ---- The search ---------------------------------------------------------- */

#define MOST_PAIRS 128

struct search {
	struct pair pairs[MOST_PAIRS];
	int from[MOST_PAIRS];    /* the pair before; -1 for the start */
	char octets[MOST_PAIRS]; /* the octet that leads from it to the pair */
	int count;
};

static struct pair
start(enum mailin_bare_newline newline, bool dots, enum mailin_vector vector)
{
	struct pair pair = {
		.spec = { .newline = newline, .dots = dots, .line_start = true }
	};

	mailin_body_start(&pair.body, newline, dots, vector);
	return pair;
}

/* Compare the members that decide what later octets do. */
static bool
is_same(const struct pair *a, const struct pair *b)
{
	return a->body.state == b->body.state &&
	    a->body.refused == b->body.refused &&
	    a->spec.line_start == b->spec.line_start &&
	    a->spec.ended == b->spec.ended &&
	    a->spec.refused == b->spec.refused &&
	    octets_equal(&a->spec.held, &b->spec.held);
}

/* Describe how the search came to a pair, and the next octet. */
static void
explain(struct claim *claim, const struct search *search, int at, char octet)
{
	const struct spec *spec = &search->pairs[0].spec;
	char word[MOST_PAIRS], quoted[256];
	size_t len = sizeof word;

	word[--len] = octet;
	for (; search->from[at] >= 0; at = search->from[at])
		word[--len] = search->octets[at];
	claim_quote(quoted, sizeof quoted, word + len, sizeof word - len);
	snprintf(claim->counterexample, sizeof claim->counterexample,
	    "counterexample %s (policy %d, %s)", quoted, (int)spec->newline,
	    spec->dots ? "DATA" : "BDAT");
	claim->failed = true;
}

static void
add(struct search *search, const struct pair *pair, int from, char octet)
{
	int i;

	for (i = 0; i < search->count; i++)
		if (is_same(&search->pairs[i], pair))
			return;
	if (search->count == MOST_PAIRS)
		abort();
	search->pairs[i] = *pair;
	search->from[i] = from;
	search->octets[i] = octet;
	search->count++;
}

/* Returns true if the members of the decoder agree with the specification. */
static bool
agree(const struct pair *pair)
{
	return pair->body.refused == pair->spec.refused &&
	    (pair->body.state == BODY_ENDED) == pair->spec.ended;
}

/* Find all pairs that some input leads to, and compare each step. */
static void
walk(struct search *search, const struct pair *from, struct claim *claim)
{
	int at, octet;

	search->count = 0;
	add(search, from, -1, 0);
	for (at = 0; at < search->count && !claim->failed; at++) {
		if (search->pairs[at].spec.ended)
			continue;
		for (octet = 0; octet < 256 && !claim->failed; octet++) {
			struct pair pair = search->pairs[at];
			struct octets got = { 0, "" }, want = { 0, "" };

			decoder_read(&pair.body, (char)octet, &got);
			spec_read(&pair.spec, (char)octet, &want);
			claim->cases++;
			if (!agree(&pair) || !octets_equal(&got, &want))
				explain(claim, search, at, (char)octet);
			else
				add(search, &pair, at, (char)octet);
		}
	}
}

/* ---- The other members --------------------------------------------------- */

/* Members that a branch of a step reads, but that have no influence on the
 * octets.  Each step is tried with each of their values. */
struct others {
	size_t column;
	bool long_line, nul, eight_bit;
	uint8_t pieces; /* pieces, lull: read after REJECT has refused */
	uint16_t lull;
};

/* Make a member undefined: MemorySanitizer reports a branch or a result that
 * depends on it. */
static void
forget(void *member, size_t size)
{
#ifdef HAS_MSAN
	__msan_allocated_memory(member, size);
#else
	memset(member, 1, size);
#endif
}

#define FORGET(member) forget(&(member), sizeof(member))

static void
set_others(struct mailin_body *body, const struct others *others)
{
	struct mailin_facts *facts = &body->facts;

	body->column = others->column;
	facts->long_line = others->long_line;
	facts->nul = others->nul;
	facts->eight_bit = others->eight_bit;
	body->pieces = others->pieces;
	body->lull = others->lull;
	if (body->newline != MAILIN_BARE_NEWLINE_REJECT) {
		FORGET(body->pieces);
		FORGET(body->lull);
	}
	FORGET(body->seen);
	FORGET(facts->octets);
	FORGET(facts->bare_cr);
	FORGET(facts->bare_lf);
}

/* Compares the facts with their definition, which uses the octets handed on and
 * the bare newlines of the input. */
static bool
facts_hold(const struct mailin_body *before, const struct mailin_body *after,
    const struct octets *out)
{
	struct mailin_facts want = before->facts;
	size_t column = before->column, i;

	for (i = 0; i < out->len; i++) {
		unsigned char octet = (unsigned char)out->octets[i];

		want.nul |= octet == 0;
		want.eight_bit |= octet > 127;
		if (octet == '\r' && i + 1 < out->len &&
		    out->octets[i + 1] == '\n')
			column = 0, i++;
		else
			column++;
		want.long_line |= column > MAILIN_TEXT_LINE;
	}
	return after->facts.nul == want.nul &&
	    after->facts.eight_bit == want.eight_bit &&
	    after->facts.long_line == want.long_line &&
	    after->column < COLUMNS &&
	    (want.long_line || after->refused || after->column == column);
}

/* Compare a step for other values of the other members. */
static void
try_others(const struct search *search, int at, char octet,
    const struct others *others, struct claim *decide, struct claim *facts)
{
	struct pair pair = search->pairs[at], was;
	struct octets got = { 0, "" }, want = { 0, "" };

	set_others(&pair.body, others);
	was = pair;
	decoder_read(&pair.body, octet, &got);
	spec_read(&pair.spec, octet, &want);
	decide->cases++;
	if (!agree(&pair) || !octets_equal(&got, &want))
		explain(decide, search, at, octet);
	if (was.body.refused)
		return;
	facts->cases++;
	if (!facts_hold(&was.body, &pair.body, &got))
		explain(facts, search, at, octet);
}

struct sweep {
	const struct search *search;
	size_t step;
	struct claim *decide, *facts;
};

/* Try each column and each fact.  If the message may be refused, also try each
 * number of pieces; if the text is dense, also each lull. */
static void
try_edge(const struct sweep *sweep, int at, char octet)
{
	struct others others = { 0 };
	size_t i;

	for (i = 0; i < 8 * COLUMNS; i++) {
		others = (struct others){ i / 8, i & 1, i & 2, i & 4, 0, 0 };
		if (others.column % sweep->step > 1 &&
		    others.column < COLUMNS - 2)
			continue;
		try_others(sweep->search, at, octet, &others, sweep->decide,
		    sweep->facts);
	}
	if (sweep->search->pairs[at].spec.newline != MAILIN_BARE_NEWLINE_REJECT)
		return;
	others = (struct others){ 0 };
	for (i = 0; i <= UINT8_MAX; i++) {
		others.pieces = (uint8_t)i;
		try_others(sweep->search, at, octet, &others, sweep->decide,
		    sweep->facts);
	}
	others.pieces = MAILIN_GATHER_AFTER;
	for (i = 0; i <= UINT16_MAX; i += i - 1000 < 50 ? 1 : sweep->step) {
		others.lull = (uint16_t)i;
		try_others(sweep->search, at, octet, &others, sweep->decide,
		    sweep->facts);
	}
}

static void
walk_others(const struct sweep *sweep)
{
	int at, octet;

	for (at = 0; at < sweep->search->count; at++)
		for (octet = 0; octet < 256; octet++)
			if (!sweep->search->pairs[at].spec.ended)
				try_edge(sweep, at, (char)octet);
}

/* ---- The claims ---------------------------------------------------------- */

static void
check_policy(int newline, bool dots, size_t step, struct claim *ends,
    struct claim *decide, struct claim *facts)
{
	struct pair from = start((enum mailin_bare_newline)newline, dots,
	    mailin_vector_best());
	struct search search;

	walk(&search, &from, ends);
	if (!ends->failed)
		walk_others(&(struct sweep){ &search, step, decide, facts });
}

/* Usage: body [STEP].  Tries every STEPth value of column and lull (default
 * 200); 1 tries all values. */
int
main(int argc, char **argv)
{
	size_t step = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
	const char *bound = step > 1 ? "some columns and lulls" : NULL;
	struct claim ends = { .what = "octet by octet the decoder is the "
				      "specification: only CR LF . CR LF ends "
				      "a message" };
	struct claim decide = { .what = "nothing but state, refused, newline "
					"and dots decides what the decoder "
					"hands on",
		.bound = bound };
	struct claim facts = { .what = "the facts are those of the octets "
				       "handed on",
		.bound = bound };
	int newline, dots;
	bool held = true;

#ifndef HAS_MSAN
	decide.bound = "one value of a member that no branch should read";
#endif
	for (newline = 0; newline < POLICIES; newline++)
		for (dots = 0; dots < 2; dots++)
			check_policy(newline, dots, step, &ends, &decide,
			    &facts);
	held &= claim_end(&ends);
	held &= claim_end(&decide);
	held &= claim_end(&facts);
	return held ? EXIT_SUCCESS : EXIT_FAILURE;
}
