/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests src/message/body.c with every stream of octets that it treats
 * specially, up to a length.  The streams form a tree, which the test walks
 * through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/automaton.h"
#include "support/pieces.h"
#include "support/suite.h"

#define MOST_OCTETS 16

/* A node of the tree of streams.  Its stream is that of its parent and one more
 * octet.  The node holds the states of both decoders after this stream. */
struct node {
	struct mailin_body body;
	struct automaton automaton;
	size_t len; /* octets delivered */
};

struct walk {
	int policy;
	size_t depth; /* length of the longest streams */
	bool whole;   /* also decode each stream as a whole */
	char stream[MOST_OCTETS];
	char out[AUTOMATON_MOST * (MOST_OCTETS + 1)];
	uint64_t streams, ended;
};

static void
differ(const struct walk *walk, size_t len, const char *what)
{
	ck_abort_msg("%s, policy %d, %s: %s",
	    suite_quote((struct mailin_span){ walk->stream, len }),
	    (int)POLICY_NEWLINE(walk->policy),
	    POLICY_DOTS(walk->policy) ? "DATA" : "BDAT", what);
}

static void
check_facts(const struct walk *walk, const struct node *node, size_t len)
{
	if (!decoder_same_facts(&node->body.facts, &node->automaton.facts))
		differ(walk, len, "other facts");
}

/* Fail unless both decoders have delivered the same octets. */
static void
check_out(struct walk *walk, struct node *node, struct mailin_span want,
    struct mailin_span got, size_t len)
{
	if (node->body.refused != node->automaton.refused)
		differ(walk, len, "refused by one");
	if (got.len != want.len || memcmp(got.ptr, want.ptr, got.len) != 0)
		differ(walk, len, "other octets come out");
	memcpy(walk->out + node->len, got.ptr, got.len);
	node->len += got.len;
}

/* Decode the next octet of the stream, which has len octets before it. */
static void
read_octet(struct walk *walk, struct node *node, size_t len)
{
	const char *octet = walk->stream + len;
	bool ended = node->body.state == BODY_ENDED;
	char octets[2][AUTOMATON_MOST];
	struct mailin_span want = { octets[0], 0 }, got = { octets[1], 0 };
	struct mailin_span out;
	size_t used, calls = 0;

	want.len = automaton_read(&node->automaton, *octet, octets[0]);
	len++;
	do {
		bool was_refused = node->body.refused;

		used = mailin_body_read(&node->body, octet, 1, &out);
		if (was_refused)
			continue;
		if (out.len > AUTOMATON_MOST - got.len)
			differ(walk, len, "too much comes out");
		if (out.len > 0)
			memcpy(octets[1] + got.len, out.ptr, out.len);
		got.len += out.len;
		/* Refused octets do not count for the facts. */
		if (node->body.refused)
			check_facts(walk, node, len);
	} while (used == 0 && !ended && ++calls < 3);
	if (used != !ended)
		differ(walk, len, "not read, or read after the end");
	if ((node->body.state == BODY_ENDED) !=
	    (node->automaton.state == AUTOMATON_END))
		differ(walk, len, "ended by one");
	if (!node->body.refused)
		check_facts(walk, node, len);
	check_out(walk, node, want, got, len);
}

/* End a message of BDAT after this octet.  Such a message may end after any
 * octet. */
static void
finish(struct walk *walk, const struct node *node, size_t len)
{
	struct node last = *node;
	char octets[AUTOMATON_MOST];
	struct mailin_span want = { octets, 0 }, out;

	if (node->body.refused)
		return;
	want.len = automaton_finish(&last.automaton, octets);
	mailin_body_finish(&last.body, &out);
	check_facts(walk, &last, len);
	check_out(walk, &last, want, out.len > 0 ? out : SPAN(""), len);
}

/* Returns the offset at which the message ends, after the first CR LF . CR LF
 * (property 1), as if a CR LF preceded the stream.  Returns 0 if the message
 * does not end. */
static size_t
find_end(struct mailin_span stream)
{
	char octets[2 + MOST_OCTETS] = "\r\n";
	size_t at;

	memcpy(octets + 2, stream.ptr, stream.len);
	for (at = 0; at + 3 <= stream.len; at++)
		if (memcmp(octets + at, "\r\n.\r\n", 5) == 0)
			return at + 3;
	return 0;
}

/* Take a different vector each time.  test_body.c has shorter streams with each
 * vector, and test_vector.c has longer text. */
static enum mailin_vector
next_vector(const struct walk *walk)
{
	enum mailin_vector vector = (enum mailin_vector)(
	    walk->streams % MAILIN_VECTOR_COUNT);

	return pieces_has(vector) ? vector : MAILIN_VECTOR_WORDS;
}

/* The decoder must deliver the same octets as the one of decoder.h, both if it
 * got the stream octet by octet, and if it gets the whole stream at once. */
static void
check_whole(struct walk *walk, const struct node *node, size_t len)
{
	struct mailin_span stream = { walk->stream, len };
	struct pieces pieces = { .first = SIZE_MAX,
		.place = PLACE_STREAM,
		.vector = next_vector(walk) };
	bool dots = POLICY_DOTS(walk->policy);
	size_t end = dots ? find_end(stream) : 0;
	static struct decoded want;

	decoder_run(&want, stream, POLICY_NEWLINE(walk->policy), dots, false);
	if (want.ended != (end != 0) || (want.ended && want.used != end))
		differ(walk, len, "decoder.h is wrong");
	if (want.ended != (node->automaton.state == AUTOMATON_END) ||
	    want.refused != node->automaton.refused || want.len != node->len ||
	    memcmp(want.octets, walk->out, node->len) != 0 ||
	    !decoder_same_facts(&want.facts, &node->automaton.facts))
		differ(walk, len, "octet by octet");
	if (!dots)
		decoder_run(&want, stream, POLICY_NEWLINE(walk->policy), dots,
		    true);
	pieces_compare_one(&want, stream, walk->policy, pieces);
	pieces.room = MAILIN_TEXT_ROOM;
	pieces_compare_one(&want, stream, walk->policy, pieces);
	if (!dots)
		return;
	pieces.first = 0;
	pieces.each = SIZE_MAX;
	pieces.skips = true;
	pieces_compare_one(&want, stream, walk->policy, pieces);
}

/* Walk over all streams that begin with this one, which has depth octets. */
static void
walk_from(struct walk *walk, const struct node *parent, size_t depth)
{
	static const char alphabet[5] = { '\r', '\n', '.', 'x', '\0' };
	size_t i;

	walk->streams++;
	walk->ended += parent->body.state == BODY_ENDED;
	if (!POLICY_DOTS(walk->policy))
		finish(walk, parent, depth);
	if (walk->whole)
		check_whole(walk, parent, depth);
	for (i = 0; depth < walk->depth && i < sizeof alphabet; i++) {
		struct node node = *parent;

		walk->stream[depth] = alphabet[i];
		read_octet(walk, &node, depth);
		walk_from(walk, &node, depth + 1);
	}
}

static struct walk
walk_all(int policy, size_t depth, bool whole)
{
	struct walk walk = { .policy = policy, .depth = depth, .whole = whole };
	struct node root = { .len = 0 };

	/* The decoder gets one octet at a time, so the vector does not
	 * matter. */
	mailin_body_start(&root.body, POLICY_NEWLINE(policy),
	    POLICY_DOTS(policy), MAILIN_VECTOR_WORDS);
	automaton_start(&root.automaton, POLICY_NEWLINE(policy),
	    POLICY_DOTS(policy));
	walk_from(&walk, &root, 0);
	return walk;
}

/* Decode all streams of nine octets as defined (threats V1, V2, V3;
 * properties 1, 2, 3, 6, 7, 10, 12). */
START_TEST(every_stream_of_nine_octets_is_decoded_as_by_definition)
{
	size_t depth = suite_quick() ? 6 : suite_is_sanitized() ? 8 : 9, i;
	uint64_t streams = 1;
	int policy;

	for (i = 0; i < depth; i++)
		streams = 5 * streams + 1;
	for (policy = 0; policy < POLICIES; policy++) {
		struct walk walk = walk_all(policy, depth, true);

		ck_assert_uint_eq(walk.streams, streams);
		ck_assert_uint_eq(walk.ended > 0, POLICY_DOTS(policy));
	}
}
END_TEST

static void
print(const struct walk *walk, clock_t time)
{
	static const char *const names[] = { "normalize", "reject",
		"preserve" };

	printf("%-9s %s: %llu streams of up to %zu octets, %llu of them "
	       "ended, %.1f s\n",
	    names[POLICY_NEWLINE(walk->policy)],
	    POLICY_DOTS(walk->policy) ? "DATA" : "BDAT",
	    (unsigned long long)walk->streams, walk->depth,
	    (unsigned long long)walk->ended, (double)time / CLOCKS_PER_SEC);
	fflush(stdout);
}

/* Decode all streams of up to SUITE_STREAMS octets, and print how many they
 * are.  Only "make check-streams" sets this variable: elsewhere the test does
 * nothing. */
START_TEST(every_longer_stream_is_decoded_octet_by_octet)
{
	const char *octets = getenv("SUITE_STREAMS");
	int most, policy;

	if (octets == NULL)
		return;
	most = atoi(octets);
	ck_assert(most > 0 && most <= MOST_OCTETS);
	for (policy = 0; policy < POLICIES; policy++) {
		/* BDAT has fewer cases: one octet less is enough. */
		size_t depth = (size_t)most - !POLICY_DOTS(policy);
		clock_t start = clock();
		struct walk walk = walk_all(policy, depth, false);

		print(&walk, clock() - start);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		every_stream_of_nine_octets_is_decoded_as_by_definition,
		every_longer_stream_is_decoded_octet_by_octet,
	};

	return suite_run("streams", tests, ROWS(tests));
}
