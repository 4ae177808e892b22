/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Decides that the wide steps of src/message/ (read, gather and skip, with each
 * vector) give the same result as the step for one octet, from each state, on
 * texts of the octets that matter.  proof/body.c proves the step for one octet.
 * See proof/README.md.
 */
#include <stdlib.h>

#include "claim.h"
#include "decoder.h"

#define MOST     ((size_t)8192)
#define POLICIES 6

/* A CR, a LF, a dot, text, and the octets that a wide step treats
 * differently. */
static const char letters[] = { '\r', '\n', '.', 'a', '\0', '\t', '\v',
	(char)0x80 };

/* The result of reading a text in one way. */
struct result {
	struct mailin_body body;
	size_t used, len;
	char octets[2 * MOST];
};

static void
put(struct result *result, struct mailin_span out)
{
	if (out.len > sizeof result->octets - result->len)
		abort();
	if (out.len > 0)
		memcpy(result->octets + result->len, out.ptr, out.len);
	result->len += out.len;
}

static bool
is_over(const struct result *result, size_t len)
{
	return result->used == len || result->body.refused ||
	    result->body.state == BODY_ENDED;
}

/* ---- The ways to read ---------------------------------------------------- */

static void
by_octets(struct result *result, const char *in, size_t len, size_t plain)
{
	struct mailin_span out;

	while (!is_over(result, len)) {
		/* The other octets are plain.  proof/body.c shows that a plain
		 * octet is handed on unchanged, and does not change the
		 * state. */
		if (result->used > len - plain &&
		    result->body.state == BODY_TEXT && plain > 1) {
			out = (struct mailin_span){ in + result->used,
				len - result->used };
			put(result, out);
			result->used = len;
			result->body.facts.octets += out.len;
			result->body.column += out.len;
			if (result->body.column > MAILIN_TEXT_LINE)
				result->body.facts.long_line = true;
			return;
		}
		result->used += mailin_body_read(&result->body,
		    in + result->used, 1, &out);
		put(result, out);
	}
}

static void
by_reads(struct result *result, const char *in, size_t len)
{
	struct mailin_span out;

	while (!is_over(result, len)) {
		result->used += mailin_body_read(&result->body,
		    in + result->used, len - result->used, &out);
		put(result, out);
	}
}

/* Read text of short lines, which the library calls dense, as a session does:
 * by mailin_body_gather(). */
static void
by_gathering(struct result *result, const char *in, size_t len, size_t size)
{
	char room[1536];
	struct mailin_span out;

	result->body.pieces = MAILIN_GATHER_AFTER;
	while (!is_over(result, len)) {
		if (!mailin_body_is_dense(&result->body)) {
			by_reads(result, in, len);
			return;
		}
		result->used += mailin_body_gather(&result->body,
		    in + result->used, len - result->used, room, size, &out);
		put(result, out);
	}
}

/* ---- Comparing ----------------------------------------------------------- */

struct text {
	char octets[MOST];
	size_t len;
	size_t plain; /* number of octets "a" at the end of the text */
};

struct trial {
	struct claim read, gather, skip;
	enum mailin_vector vector;
	int policy;
	enum mailin_body_state state;
	size_t column;
};

static bool
is_same(const struct result *want, const struct result *got)
{
	const struct mailin_facts *a = &want->body.facts;
	const struct mailin_facts *b = &got->body.facts;

	return want->used == got->used && want->len == got->len &&
	    memcmp(want->octets, got->octets, want->len) == 0 &&
	    want->body.state == got->body.state &&
	    want->body.refused == got->body.refused && a->octets == b->octets &&
	    a->nul == b->nul && a->eight_bit == b->eight_bit &&
	    a->bare_cr == b->bare_cr && a->bare_lf == b->bare_lf &&
	    a->long_line == b->long_line &&
	    (a->long_line || want->body.column == got->body.column);
}

static void
compare(struct claim *claim, const struct trial *trial, const struct text *text,
    bool is_right)
{
	char quoted[320];

	claim->cases++;
	if (is_right || claim->failed)
		return;
	claim->failed = true;
	claim_quote(quoted, sizeof quoted, text->octets, text->len);
	snprintf(claim->counterexample, sizeof claim->counterexample,
	    "counterexample vector %d, policy %d, %s, state %d, column %zu, "
	    "%zu octets: %s",
	    (int)trial->vector, trial->policy >> 1,
	    trial->policy & 1 ? "DATA" : "BDAT", (int)trial->state,
	    trial->column, text->len, quoted);
}

static void
begin(struct result *result, const struct trial *trial)
{
	mailin_body_start(&result->body,
	    (enum mailin_bare_newline)(trial->policy >> 1), trial->policy & 1,
	    trial->vector);
	result->body.state = trial->state;
	result->body.column = trial->column;
	result->used = result->len = 0;
}

/* Read the text in each way, with the vector of the trial. */
static void
try_text(struct trial *trial, const struct text *text)
{
	static struct result want, got;
	static const size_t sizes[] = { MAILIN_TEXT_ROOM, 1536 };
	size_t i;

	begin(&want, trial);
	by_octets(&want, text->octets, text->len, text->plain);
	begin(&got, trial);
	by_reads(&got, text->octets, text->len);
	compare(&trial->read, trial, text, is_same(&want, &got));
	for (i = 0; i < 2; i++) {
		begin(&got, trial);
		by_gathering(&got, text->octets, text->len, sizes[i]);
		compare(&trial->gather, trial, text, is_same(&want, &got));
	}
	if (want.body.refused)
		return;
	for (i = 0; i < 2; i++) {
		begin(&got, trial);
		got.body.refused = true;
		got.body.pieces = i == 0 ? 0 : MAILIN_GATHER_AFTER;
		got.used = mailin_body_skip(&got.body, text->octets, text->len);
		compare(&trial->skip, trial, text,
		    got.used == want.used && got.body.state == want.body.state);
	}
}

/* Try each policy from one state.  The states with a dot belong to DATA
 * only. */
static void
try_policies(struct trial *trial, const struct text *text)
{
	for (trial->policy = 0; trial->policy < POLICIES; trial->policy++)
		if ((trial->policy & 1) != 0 ||
		    (trial->state != BODY_DOT && trial->state != BODY_DOT_CR))
			try_text(trial, text);
}

/* ---- The texts ----------------------------------------------------------- */

/* Write the word with the index "number" among all words of len letters. */
static void
spell(char *word, size_t len, uint64_t number, size_t alphabet)
{
	for (; len > 0; len--, number /= alphabet)
		*word++ = letters[number % alphabet];
}

static uint64_t
words(size_t len, size_t alphabet)
{
	uint64_t count = 1;

	while (len-- > 0)
		count *= alphabet;
	return count;
}

/* Try each word of up to "most" octets as a whole text, from each state. */
static void
short_texts(struct trial *trial, size_t most)
{
	struct text text = { .plain = 0 };
	uint64_t number;
	int state;

	trial->column = 0;
	for (text.len = 1; text.len <= most; text.len++)
		for (number = 0; number < words(text.len, 5); number++)
			for (state = 0; state < BODY_ENDED; state++) {
				trial->state = (enum mailin_body_state)state;
				spell(text.octets, text.len, number, 5);
				try_policies(trial, &text);
			}
}

/* Try each word that is "word" octets long inside plain text, after 0 to "most"
 * plain octets. */
static void
words_in_text(struct trial *trial, size_t most, size_t word, size_t alphabet,
    size_t step)
{
	static const size_t after[] = { 0, 1, 31, 129, 300 };
	struct text text;
	uint64_t number;
	size_t before, i;

	for (before = 0; before <= most; before += step)
		for (i = 0; i < sizeof after / sizeof *after; i++)
			for (number = 0; number < words(word, alphabet);
			     number++) {
				text.len = before + word + after[i];
				text.plain = after[i];
				memset(text.octets, 'a', text.len);
				spell(text.octets + before, word, number,
				    alphabet);
				trial->state = number & 1 ? BODY_TEXT :
							    BODY_LINE_START;
				trial->column = number & 1 ? 990 : 0;
				try_policies(trial, &text);
			}
}

/* Try dense text: fewer than "most" plain octets, and then copies of a word of
 * "word" octets. */
static void
repeated_words(struct trial *trial, size_t most, size_t word, size_t alphabet)
{
	struct text text = { .plain = 0 };
	uint64_t number;
	size_t before;

	trial->column = 0;
	trial->state = BODY_LINE_START;
	for (before = 0; before < most; before++)
		for (number = 0; number < words(word, alphabet); number++) {
			memset(text.octets, 'a', before);
			for (text.len = before; text.len < before + 190;
			     text.len += word)
				spell(text.octets + text.len, word, number,
				    alphabet);
			try_policies(trial, &text);
		}
}

/* Usage: vectors [long].  With "long", tries longer words and texts. */
int
main(int argc, char **argv)
{
	bool is_long = argc > 1 && strcmp(argv[1], "long") == 0;
	const char *bound = is_long ?
	    "words of 8 octets alone, of 3 in text, of 4 again and again" :
	    "words of 5 octets alone, some of 3 in text, of 4 again and again";
	struct trial trial = {
		.read = { .what = "read gives what the octet path gives" },
		.gather = { .what = "gather gives what the octet path gives" },
		.skip = { .what = "skip ends where the octet path ends" },
	};
	bool held;
	int vector;

	trial.read.bound = trial.gather.bound = trial.skip.bound = bound;
	for (vector = 0; vector < MAILIN_VECTOR_COUNT; vector++) {
		trial.vector = (enum mailin_vector)vector;
		if (!mailin_vector_has(trial.vector))
			continue;
		short_texts(&trial, is_long ? 8 : 5);
		words_in_text(&trial, is_long ? 640 : 280, 3, is_long ? 8 : 5,
		    is_long ? 1 : 5);
		repeated_words(&trial, is_long ? 67 : 2, 4, is_long ? 8 : 5);
	}
	held = claim_end(&trial.read);
	held &= claim_end(&trial.gather);
	held &= claim_end(&trial.skip);
	return held ? EXIT_SUCCESS : EXIT_FAILURE;
}
