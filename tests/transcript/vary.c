/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "transcript/transcript.h"

/*
 * Other ways to play a transcript.
 *
 * In these ways everything must happen exactly as the transcript says:
 *
 *	its stream is cut in two, at each place
 *	replies are read 1, 3 or 61 octets at once
 *	an unmapped page follows the octets of each feed, or precedes them
 *	each decision in turn is PENDING at first
 *
 * In the ways below, everything must happen as the transcript says up to the
 * change.  After the change, replies are well-formed, each transaction ends
 * with one call of "reset" or "delivered", "close" is called once, the
 * session closes if a reply says so, and all memory is freed:
 *
 *	each decision in turn refuses with 554, or ends the session
 *	each callback in turn frees the session
 *	each allocation in turn fails, alone, or with all after it
 */

enum kind {
	KIND_CUT,
	KIND_DRAIN,
	KIND_EDGE,
	KIND_LATER,
	KIND_FAIL,
	KIND_CLOSE,
	KIND_FREE,
	KIND_MEMORY,
	KIND_MEMORY_ON,
	KINDS
};

static const char names[KINDS][24] = { "cut in two", "replies in pieces",
	"at unmapped pages", "a decision later", "a decision refused",
	"a decision that closes", "freed in a callback", "an allocation fails",
	"all fail from one on" };

static uint64_t counts[KINDS];

static bool
play(struct transcript *transcript, enum kind kind, const struct mode *mode)
{
	counts[kind]++;
	return play_transcript(transcript, mode);
}

/* Returns the number of the first way to play; after it, every n-th way is
 * played.  The result is from 1 to n, and the next call returns the next
 * number. */
static uint64_t
first_of(size_t n)
{
	static size_t turn;

	return 1 + turn++ % n;
}

static bool
vary_number(struct transcript *transcript, enum kind kind, struct mode mode,
    uint64_t most, size_t n)
{
	uint64_t at;

	for (at = first_of(n); at <= most; at += n) {
		if (kind == KIND_CUT)
			mode.cut = (size_t)at;
		else
			mode.at = at;
		if (!play(transcript, kind, &mode))
			return false;
	}
	return true;
}

static bool
vary_reads(struct transcript *transcript, struct mode mode)
{
	static const size_t drains[] = { 1, 3, 61 };
	size_t i;

	for (i = 0; i < sizeof drains / sizeof drains[0]; i++) {
		mode.drain = drains[i];
		if (!play(transcript, KIND_DRAIN, &mode))
			return false;
	}
	mode.drain = 0;
	for (i = 0; i < 4; i++) {
		mode.edge = i % 2 == 0 ? EDGE_AFTER : EDGE_BEFORE;
		mode.split = i < 2 ? SPLIT_WHOLE : SPLIT_LINES;
		if (!play(transcript, KIND_EDGE, &mode))
			return false;
	}
	return true;
}

static bool
vary_changes(struct transcript *transcript, struct mode mode,
    const struct run *base, size_t n)
{
	static const struct {
		enum kind kind;
		enum change change;
	} changes[] = { { KIND_FAIL, CHANGE_FAIL },
		{ KIND_CLOSE, CHANGE_CLOSE }, { KIND_FREE, CHANGE_FREE },
		{ KIND_MEMORY, CHANGE_MEMORY },
		{ KIND_MEMORY_ON, CHANGE_MEMORY_ON },
		{ KIND_LATER, CHANGE_LATER } };
	size_t i, last = sizeof changes / sizeof changes[0];

	/* Some transcripts hold only if all verdicts are given at once. */
	last -= !transcript->later;
	for (i = 0; i < last; i++) {
		enum kind kind = changes[i].kind;
		uint64_t most = kind >= KIND_MEMORY ? base->allocations :
		    kind == KIND_FREE               ? base->callbacks :
						      base->decisions;

		mode.change = changes[i].change;
		if (!vary_number(transcript, kind, mode, most, n))
			return false;
	}
	return true;
}

bool
vary_transcript(struct transcript *transcript, size_t n)
{
	struct mode mode = { .split = SPLIT_WHOLE,
		.later = !transcript->at_once };
	struct run base;

	if (!play_transcript(transcript, &mode))
		return false;
	base = transcript->run;
	if (!vary_reads(transcript, mode) ||
	    !vary_changes(transcript, mode, &base, (n + 7) / 8))
		return false;
	/* The session needs memory to store the first part of a cut line. */
	if (transcript->lacks_memory)
		return true;
	mode.split = SPLIT_CUT;
	return vary_number(transcript, KIND_CUT, mode, base.octets, n);
}

static void
print_claim(const char *what, enum kind first, enum kind last, bool failed)
{
	uint64_t sum = 0;
	int i;

	for (i = (int)first; i <= (int)last; i++) {
		failed |= counts[i] == 0;
		sum += counts[i];
	}
	if (failed)
		printf("failed: %s: counterexample above\n", what);
	else
		printf("bounded: %s (all transcripts; %llu cases)\n", what,
		    (unsigned long long)sum);
}

void
vary_print(bool claims, bool failed)
{
	int i;

	for (i = 0; i < KINDS; i++)
		printf("# %s: %llu\n", names[i], (unsigned long long)counts[i]);
	if (!claims)
		return;
	print_claim("a session does the same however its input is cut, its "
		    "replies are read, and its decisions are put off",
	    KIND_CUT, KIND_LATER, failed);
	print_claim("whatever is refused, closes, is freed or has no memory, "
		    "the session did the same before, and keeps its promises",
	    KIND_FAIL, KIND_MEMORY_ON, failed);
}
