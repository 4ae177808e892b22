/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests messages whose form makes them slow to decode: src/session/message.c,
 * src/message/gather.c. */
#include <stdio.h>
#include <string.h>

#include "support/taker.h"

static struct taker taker;
static struct decoded want;

#define SIZE ((size_t)20000)

/* Each message repeats one of these texts.  Each octet that the decoder treats
 * specially replaces "?" in turn. */
/* clang-format off */
static const struct mailin_span units[] = {
	TEXT("\n"), TEXT("\r"), TEXT("..\r\n"), TEXT(".\r\n\n"), TEXT(".x"),
	TEXT("\0"), TEXT("\nx"), TEXT("\rx"), TEXT("\n\nxx"), TEXT("\r\r\n"),
	TEXT("\n\r"), TEXT(".\r"), TEXT("\xff\0\n"), TEXT("?"), TEXT("?x"),
	TEXT("a line of some 35 octets, and its LF\n"),
	TEXT("..a line that begins with a stuffed dot\r\n"),
	TEXT("..a\r\n..b\r\n..c\r\n..d\r\n..e\r\n..f\r\n\n"),
	TEXT("..a\r\n..b\r\n..c\r\n..d\r\n..e\r\n..f\r\nx\rx"),
	TEXT("a line of text, and nothing to be done with it\r\n"),
	TEXT("????????????????????????????????????????????????"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
};
/* clang-format on */

#define PLAIN (ROWS(units) - 2)

static const char *const policies[] = { "bare-newline=normalize", TAKER_REJECTS,
	"bare-newline=preserve" };

/* Returns a message that repeats a unit, without the end of data. */
static struct mailin_span
write_kind(size_t kind)
{
	static const char any[] = "\r\r\n\n.x\0\x80";
	static char octets[SIZE];
	uint32_t random = 1;
	size_t i;

	for (i = 0; i < SIZE; i++) {
		octets[i] = units[kind].ptr[i % units[kind].len];
		random = random * 1664525 + 1013904223;
		if (octets[i] == '?')
			octets[i] = any[(random >> 16) % (sizeof any - 1)];
		/* The message itself must not contain an end of data. */
		if (i > 1 && memcmp(octets + i - 2, ".\r\n", 3) == 0)
			octets[i - 2] = 'x';
	}
	return (struct mailin_span){ octets, SIZE };
}

/* Returns the message with the end of data. */
static struct mailin_span
write_data(size_t kind)
{
	static char octets[SIZE + 5];

	memcpy(octets, write_kind(kind).ptr, SIZE);
	memcpy(octets + SIZE, "\r\n.\r\n", 5);
	return (struct mailin_span){ octets, sizeof octets };
}

static void
start(const char *first, const char *second)
{
	const char *const settings[4] = { first, second, NULL, NULL };

	taker_start(&taker, settings);
}

/* ---- The octets that are delivered, and in how many calls ---- */

static void
check_kind(size_t kind, int policy, bool dots, size_t feed)
{
	struct mailin_span in = dots ? write_data(kind) : write_kind(kind);
	bool is_refused;
	char what[80];

	snprintf(what, sizeof what, "kind %zu, %s, %s, %zu octets at a time",
	    kind, policies[policy], dots ? "DATA" : "BDAT", feed);
	decoder_run(&want, in, (enum mailin_bare_newline)policy, dots, !dots);
	is_refused = want.refused;
	if (dots)
		taker_data(&taker);
	else
		taker_chunk(&taker, in.len);
	taker_feed(&taker, in, feed);
	taker_check(&taker, &want, SIZE_MAX, what);
	client_expect_replies(&taker.client,
	    is_refused ? "550 5.5.2" : "250 2.0.0");
	if (!is_refused && !decoder_same_facts(&taker.facts, &want.facts))
		ck_abort_msg("%s: other facts", what);
	/* On average a call of the handler must get hundreds of octets
	 * (property 55). */
	if (feed >= 512 &&
	    taker.calls > 2 * (in.len / feed + 1) + want.len / 512 + 12)
		ck_abort_msg("%s: %zu calls", what, taker.calls);
}

/* Gathering short pieces changes nothing else (threats V1 and V9;
 * properties 2, 3, 12, 55). */
START_TEST(short_pieces_are_gathered_and_nothing_else_changes)
{
	static const size_t feeds[] = { 1, 63, 64, 512, 4096, SIZE_MAX };
	size_t kind, i;
	int policy;

	for (policy = 0; policy < 3; policy++) {
		start(policies[policy], NULL);
		for (kind = 0; kind < ROWS(units); kind++)
			for (i = suite_quick(); i < ROWS(feeds); i++) {
				check_kind(kind, policy, true, feeds[i]);
				check_kind(kind, policy, false, feeds[i]);
			}
		taker_end(&taker);
	}
}
END_TEST

/* ---- Handlers that refuse, decide later, or free the session ---- */

/* handler.h: exactly the octets before the refusal are delivered, and the reply
 * comes after the end of the message. */
START_TEST(a_handler_may_refuse_what_was_gathered)
{
	size_t kind, at;

	for (kind = 0; kind < ROWS(units); kind++) {
		struct mailin_span in = write_data(kind);

		decoder_run(&want, in, MAILIN_BARE_NEWLINE_NORMALIZE, true,
		    false);
		for (at = 1; at < 9; at++) {
			start(NULL, NULL);
			taker_data(&taker);
			taker.taking = TAKE_REFUSE;
			taker.at = at;
			taker_feed(&taker, in, 4096);
			taker_check(&taker, &want, taker.len, "refused");
			client_expect_replies(&taker.client,
			    taker.calls < at ? "250 2.0.0" : "554 5.0.0");
			ck_assert_uint_le(taker.calls, at);
			ck_assert_uint_eq(taker.facts.octets, taker.len);
			client_expect(&taker.client, "NOOP", "250 2.0.0");
			taker_end(&taker);
		}
	}
}
END_TEST

START_TEST(a_handler_may_wait_or_free_while_pieces_are_gathered)
{
	static const enum taking takings[] = { TAKE_LATER, TAKE_RESUME,
		TAKE_FORMAT, TAKE_FREE };
	size_t kind, i, at;

	for (kind = 0; kind < ROWS(units); kind++)
		for (i = 0; i < ROWS(takings); i++)
			for (at = 0; at < 8; at++) {
				struct mailin_span in = write_data(kind);

				start(NULL, NULL);
				taker_data(&taker);
				taker.taking = takings[i];
				taker.at = at == 0 ? TAKER_EACH : at;
				decoder_run(&want, in,
				    MAILIN_BARE_NEWLINE_NORMALIZE, true, false);
				taker_feed(&taker, in, 5000);
				taker_check(&taker, &want,
				    taker.freed ? taker.len : SIZE_MAX,
				    "decided");
				if (!taker.freed)
					client_expect_replies(&taker.client,
					    "250 2.0.0");
				taker_end(&taker);
			}
}
END_TEST

/* ---- Limits -------------------------------------------------------------- */

static struct mailin_facts
check_limit(size_t kind, size_t limit, size_t feed)
{
	struct mailin_span in = write_data(kind);
	char setting[40];

	snprintf(setting, sizeof setting, "message-size=%zu", limit);
	start(setting, NULL);
	taker.limit = limit;
	taker_data(&taker);
	taker_feed(&taker, in, feed);
	taker_check(&taker, &want, limit, setting);
	client_expect_replies(&taker.client,
	    want.len > limit ? "552 5.3.4" : "250 2.0.0");
	if (taker.facts.octets != taker.len)
		ck_abort_msg("%zu octets in the facts", taker.len);
	taker_end(&taker);
	return taker.facts;
}

static void
check_feeds(size_t kind, size_t limit)
{
	static const size_t feeds[] = { 700, 4096, SIZE_MAX };
	struct mailin_facts facts = check_limit(kind, limit, 13), other;
	size_t i;

	for (i = 0; i < ROWS(feeds); i++) {
		other = check_limit(kind, limit, feeds[i]);
		if (!decoder_same_facts(&facts, &other))
			ck_abort_msg("kind %zu, limit %zu: other facts", kind,
			    limit);
	}
}

/* The octets up to the limit are delivered, wherever in the buffer the limit
 * is. */
START_TEST(gathered_octets_end_at_the_limit)
{
	static const size_t limits[] = { 1, 60, 190, 191, 192, 193, 1343, 1344,
		1345, 1535, 1536, 1537, 1600, 5000 };
	size_t kind, i, step = suite_stride(3);

	for (kind = 0; kind < ROWS(units); kind++) {
		decoder_run(&want, write_data(kind),
		    MAILIN_BARE_NEWLINE_NORMALIZE, true, false);
		for (i = kind % step; i < ROWS(limits); i += step)
			check_feeds(kind, limits[i]);
		check_feeds(kind, want.len - 1);
		check_feeds(kind, want.len);
	}
}
END_TEST

/* The message's facts describe only the octets that were delivered, although
 * more were fed. */
START_TEST(facts_end_at_the_limit_while_pieces_are_gathered)
{
	char octets[500], setting[40];
	size_t limit, i;

	/* A LF is delivered as two octets, CR LF. */
	for (i = 0; i < sizeof octets; i++)
		octets[i] = i < 200 ? '\n' : "\xff\r\0"[i % 3];
	for (limit = 1; limit < 400; limit++) {
		snprintf(setting, sizeof setting, "message-size=%zu", limit);
		start(setting, NULL);
		taker_data(&taker);
		taker_feed(&taker,
		    (struct mailin_span){ octets, sizeof octets }, SIZE_MAX);
		if (taker.len != limit || taker.facts.octets != limit ||
		    taker.facts.eight_bit || taker.facts.nul ||
		    taker.facts.bare_cr)
			ck_abort_msg("limit %zu", limit);
		taker_end(&taker);
	}
}
END_TEST

/* ---- Memory -------------------------------------------------------------- */

/* If there is no memory for the buffer that gathers short pieces, the message
 * takes longer, but nothing else changes. */
START_TEST(without_memory_nothing_is_gathered_and_nothing_lost)
{
	struct mailin_span in = write_data(0);

	start(NULL, NULL);
	decoder_run(&want, in, MAILIN_BARE_NEWLINE_NORMALIZE, true, false);
	taker_data(&taker);
	heap_fail(&taker.client.heap, 1, true);
	taker_feed(&taker, in, 4096);
	heap_fail(&taker.client.heap, 0, false);
	taker_check(&taker, &want, SIZE_MAX, "no memory");
	client_expect_replies(&taker.client, "250 2.0.0");
	ck_assert_uint_gt(taker.calls, SIZE);
	taker_end(&taker);
}
END_TEST

START_TEST(the_second_message_needs_no_more_memory)
{
	struct mailin_span in = write_data(0);
	uint64_t calls;
	int turn;

	start(NULL, NULL);
	for (turn = 0; turn < 3; turn++) {
		calls = taker.client.heap.calls;
		taker_data(&taker);
		taker_feed(&taker, in, 4096);
		client_expect_replies(&taker.client, "250 2.0.0");
	}
	ck_assert_uint_eq(taker.client.heap.calls, calls);
	taker_end(&taker);
	/* A message without short pieces needs no buffer to gather octets. */
	start(NULL, NULL);
	taker_data(&taker);
	calls = taker.client.heap.calls;
	taker_feed(&taker, write_data(PLAIN), 4096);
	ck_assert_uint_eq(taker.client.heap.calls, calls);
	taker_end(&taker);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		short_pieces_are_gathered_and_nothing_else_changes,
		a_handler_may_refuse_what_was_gathered,
		a_handler_may_wait_or_free_while_pieces_are_gathered,
		gathered_octets_end_at_the_limit,
		facts_end_at_the_limit_while_pieces_are_gathered,
		without_memory_nothing_is_gathered_and_nothing_lost,
		the_second_message_needs_no_more_memory,
	};

	return suite_run("gather", tests, ROWS(tests));
}
