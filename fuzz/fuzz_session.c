/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: a session that reads any octets.  The head of the input
 * configures the server (session_plan.h); the rest comes from a client.  Each
 * input is played whole, and in one more way: in pieces, octet by octet, with
 * each decision PENDING first, or with replies read slowly.  Both runs must
 * have the same result (properties 2 and 27), and everything that
 * session_check.h checks must hold.
 */
#include "session_run.h"
#include "session_stream.h"
#include "support/decoder.h"

/* tests/support/decoder.h has room for a message of this length. */
#define MOST ((size_t)DECODED_ROOM / 2)

/* Allocations count for this run. */
static struct run *memory_of;

static void *
take_memory(size_t size, void *user)
{
	struct run *run = memory_of;
	void *memory;

	(void)user;
	if (++run->allocations == run->head->memory) {
		run->check.memory_fails = true;
		return NULL;
	}
	memory = malloc(size);
	run->blocks += memory != NULL;
	return memory;
}

static void
give_memory(void *memory, void *user)
{
	(void)user;
	memory_of->blocks--;
	free(memory);
}

/* Returns true while a PROXY header or a handshake must come next (property
 * 14). */
static bool
waits_first(const struct run *run)
{
	const struct mailin_session *session = run->session;
	uint8_t start = run->head->start;
	enum mailin_want want = mailin_session_want(session);

	if ((start & START_PROXY) != 0 && want == MAILIN_WANT_INPUT &&
	    mailin_session_proxy(session) == NULL)
		return true;
	return (start & START_TLS_FIRST) != 0 && want == MAILIN_WANT_TLS;
}

/* ---- Output -------------------------------------------------------------- */

static void
take_output(struct run *run, size_t len)
{
	struct mailin_span out = mailin_session_output(run->session);

	CHECK(!waits_first(run) || out.len == 0);
	len = len < out.len ? len : out.len;
	pile_add(&run->check.out, out.ptr, len);
	CHECK(mailin_session_sent(run->session, out.len + 1) ==
	    MAILIN_ERROR_RANGE);
	CHECK(mailin_session_sent(run->session, len) == MAILIN_OK);
	run_settle(run);
}

static void
drain(struct run *run)
{
	while (mailin_session_output(run->session).len > 0 ||
	    run->pending_count > 0) {
		run_settle(run);
		take_output(run, run->reads > 0 ? run->reads : SIZE_MAX);
	}
}

/* ---- Input --------------------------------------------------------------- */

/* Feed a copy of the octets that is dropped after the call (property 5). */
static size_t
feed(struct run *run, const char *octets, size_t len)
{
	char *alone = check_copy(octets, len);
	uint64_t progress = mailin_session_progress(run->session);
	size_t used;

	CHECK(mailin_session_feed(run->session, alone, 0) == 0);
	used = mailin_session_feed(run->session, alone, len);
	check_drop(alone, len);
	CHECK(used <= len);
	CHECK(used == len ||
	    mailin_session_want(run->session) != MAILIN_WANT_INPUT);
	CHECK(mailin_session_progress(run->session) >= progress);
	run_settle(run);
	return used;
}

static void
handshake(struct run *run, bool wanted)
{
	static const struct mailin_tls tls = { .version = { "TLSv1.3", 7 } };
	enum mailin_want want = mailin_session_want(run->session);

	/* If memory fails, nothing has changed and the call may be repeated.
	 * At most one allocation fails in a run. */
	if (want == MAILIN_WANT_TLS && wanted)
		CHECK(mailin_session_tls_started(run->session, &tls) ==
			MAILIN_OK ||
		    (run->check.memory_fails &&
			mailin_session_tls_started(run->session, &tls) ==
			    MAILIN_OK));
	else if (want != MAILIN_WANT_TLS &&
	    ((run->head->start & START_PROXY) == 0 ||
		mailin_session_proxy(run->session) != NULL))
		CHECK(mailin_session_tls_started(run->session, &tls) ==
		    MAILIN_ERROR_STATE);
}

static void
offer(struct run *run, const char *octets, size_t len)
{
	size_t used, idle = 0;

	while (len > 0) {
		used = feed(run, octets, len);
		octets += used;
		len -= used;
		idle = used > 0 ? 0 : idle + 1;
		CHECK(idle < 4);
		if (mailin_session_want(run->session) == MAILIN_WANT_CLOSE)
			return;
		/* These octets are for a TLS library: the session must read
		 * none of them. */
		if (len > 0 && waits_first(run)) {
			CHECK(feed(run, octets, len) == 0);
			handshake(run, true);
		}
		if (len > 0 &&
		    mailin_session_want(run->session) == MAILIN_WANT_OUTPUT)
			drain(run);
	}
}

static void
offer_pieces(struct run *run, const char *octets, size_t len)
{
	while (len > 0) {
		size_t piece = len;

		if (run->in_pieces)
			piece = 1u +
			    run->head
				->cuts[run->piece++ % sizeof run->head->cuts];
		piece = piece < len ? piece : len;
		offer(run, octets, piece);
		octets += piece;
		len -= piece;
	}
}

/* ---- Actions of the program after a line --------------------------------- */

static uint8_t
next_read(const struct run *run)
{
	return run->head->reads[run->point % sizeof run->head->reads];
}

static void
do_read(struct run *run)
{
	uint8_t read = next_read(run);

	run->point++;
	switch (read & 0x1f) {
	case READ_HALF:
		take_output(run, mailin_session_output(run->session).len / 2);
		break;
	case READ_SHUTDOWN:
		CHECK(mailin_session_shutdown(run->session) == MAILIN_OK);
		break;
	case READ_TIMED_OUT:
		(void)mailin_session_timed_out(run->session);
		break;
	case READ_EOF:
		CHECK(mailin_session_eof(run->session) == MAILIN_OK);
		break;
	case READ_ABORT:
		run->check.aborted = true;
		CHECK(mailin_session_abort(run->session, MAILIN_CLOSE_ABORT) ==
		    MAILIN_OK);
		break;
	case READ_TLS_FAILED:
		(void)mailin_session_abort(run->session, MAILIN_CLOSE_TLS);
		break;
	case READ_SHOWN:
		(void)mailin_session_output(run->session);
		break;
	default:
		drain(run);
		handshake(run, (read & READ_NO_TLS) == 0);
		break;
	}
	run_settle(run);
}

static bool
reads_nothing(const struct run *run)
{
	uint8_t read = next_read(run) & 0x1f;

	return read >= READ_NOTHING && read < READ_HALF;
}

/* Returns the number of octets to feed before the program acts again: all lines
 * through the first one whose READ_ value is not READ_NOTHING. */
static size_t
segment(struct run *run, const char *octets, size_t len)
{
	const char *at = octets, *end = octets + len;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at++;
		if (!reads_nothing(run))
			return (size_t)(at - octets);
		run->point++;
	}
	return len;
}

static void
play(struct run *run)
{
	const char *octets = run->stream.ptr;
	size_t len = run->stream.len;

	if ((run->head->start & START_DRAIN) != 0)
		drain(run);
	while (
	    len > 0 && mailin_session_want(run->session) != MAILIN_WANT_CLOSE) {
		size_t part = segment(run, octets, len);

		offer_pieces(run, octets, part);
		octets += part;
		len -= part;
		do_read(run);
	}
	CHECK(mailin_session_eof(run->session) == MAILIN_OK);
	drain(run);
	check_output(&run->check);
	check_ended(&run->check);
}

static void
begin(struct run *run)
{
	static const struct mailin_tls tls = { .version = { "TLSv1.2", 7 } };
	static const struct mailin_peer peer = { .address = { "192.0.2.1", 9 },
		.name = { "c.example", 9 } };
	uint8_t start = run->head->start;

	run->check.session = run->session;
	stream_start(&run->check, run->stream, (start & START_PROXY) != 0);
	if ((start & START_PEER) != 0)
		(void)mailin_session_set_peer(run->session, &peer);
	if ((start & START_TLS) != 0)
		(void)mailin_session_tls_started(run->session, &tls);
	if ((start & START_TLS_FIRST) != 0)
		CHECK(mailin_session_expect_tls(run->session) ==
		    (mailin_session_tls(run->session) != NULL ?
			    MAILIN_ERROR_STATE :
			    MAILIN_OK));
	if ((start & START_PROXY) != 0)
		CHECK(mailin_session_expect_proxy(run->session) == MAILIN_OK);
}

/* Returns the configuration of the head, or NULL if its allocation, which is
 * the first of each run, has to fail.  It is kept for the next run, because
 * making one takes longer than most inputs. */
static const struct mailin_config *
find_config(struct run *run)
{
	static const struct mailin_allocator allocator = { take_memory,
		give_memory, NULL };
	static struct plan_head last;
	static struct mailin_config *config;
	static struct run maker = { .head = &last };

	if (config == NULL || !plan_same_config(&last, run->head)) {
		memory_of = &maker;
		mailin_config_free(config);
		last = *run->head;
		last.memory = 0;
		config = plan_config(&last, &allocator);
		CHECK(config != NULL && maker.blocks == 1);
	}
	memory_of = run;
	run->allocations = 1;
	return run->head->memory == 1 ? NULL : config;
}

static void
run_once(struct run *run)
{
	const struct mailin_config *config = find_config(run);

	if (config == NULL)
		return;
	run->session = mailin_session_new(config,
	    (run->head->start & START_SILENT) != 0 ? &run_handler_silent :
						     &run_handler,
	    run);
	if (run->session != NULL) {
		begin(run);
		play(run);
		mailin_session_free(run->session);
	}
	CHECK(run->blocks == 0);
}

static bool
same(const struct pile *a, const struct pile *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->octets, b->octets, a->len) == 0);
}

/* How an input is played again.  Each number from WAY_PIECES to WAYS - 1 means:
 * in the pieces of the plan.  So these are chosen most often. */
enum way {
	WAY_PUTS_OFF,
	WAY_READS_SLOWLY,
	WAY_OCTETS,
	WAY_PIECES,
	WAYS = 6
};

/* Play the input in another way.  If an allocation has failed, the results may
 * differ: how the input is cut decides which allocation is the n-th. */
static void
play_again(const struct run *whole, enum way way)
{
	static struct run run;
	struct plan_head single = *whole->head;

	memset(&run, 0, sizeof run);
	memset(single.cuts, 0, sizeof single.cuts);
	run.head = way == WAY_OCTETS ? &single : whole->head;
	run.stream = whole->stream;
	run.in_pieces = way >= WAY_OCTETS;
	run.puts_off = way == WAY_PUTS_OFF;
	run.reads = way == WAY_READS_SLOWLY ? 1u + whole->head->cuts[0] % 7u :
					      0;
	run_once(&run);
	if (!whole->check.memory_fails && !run.check.memory_fails) {
		CHECK(same(&whole->check.log, &run.check.log));
		CHECK(same(&whole->check.out, &run.check.out));
	}
	check_free(&run.check);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run whole;
	struct plan_head head;
	int way;

	if (size < PLAN_LEN || size > MOST)
		return 0;
	memcpy(&head, data, sizeof head);
	memset(&whole, 0, sizeof whole);
	whole.head = &head;
	whole.stream = (struct mailin_span){ (const char *)data + PLAN_LEN,
		size - PLAN_LEN };
	run_once(&whole);
	if (check_all())
		for (way = 0; way <= WAY_PIECES; way++)
			play_again(&whole, (enum way)way);
	else
		play_again(&whole, (enum way)check_choose(data, size, WAYS));
	check_free(&whole.check);
	return 0;
}
