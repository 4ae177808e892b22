/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Fuzz target: a session that reads any octets.  The head of the input
 * configures the server (session_plan.h); the rest comes from a client.  Each
 * input is played whole, in pieces, and in one more way: octet by octet, with
 * each decision PENDING first, or with replies read slowly.  All runs must
 * have the same result (properties 2 and 27), and everything that
 * session_check.h checks must hold.
 */
#include <stdlib.h>
#include <string.h>

#include "session_run.h"
#include "session_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *
take_memory(size_t size, void *user)
{
	struct run *run = user;
	void *memory;

	if (++run->allocations == run->head->memory)
		return NULL;
	memory = malloc(size);
	run->blocks += memory != NULL;
	return memory;
}

static void
give_memory(void *memory, void *user)
{
	struct run *run = user;

	run->blocks--;
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

/* Feed a copy of the octets that is freed after the call (property 5). */
static size_t
feed(struct run *run, const char *octets, size_t len)
{
	char *alone = malloc(len);
	uint64_t progress = mailin_session_progress(run->session);
	size_t used;

	CHECK(alone != NULL);
	memcpy(alone, octets, len);
	CHECK(mailin_session_feed(run->session, alone, 0) == 0);
	used = mailin_session_feed(run->session, alone, len);
	free(alone);
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
	run->check.memory_fails = run->head->memory != 0;
	stream_start(&run->check, run->stream, (start & START_PROXY) == 0);
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

static void
run_once(struct run *run)
{
	const struct mailin_allocator allocator = { take_memory, give_memory,
		run };
	struct mailin_config *config = plan_config(run->head, &allocator);

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
	mailin_config_free(config);
	CHECK(run->blocks == 0);
}

static bool
same(const struct pile *a, const struct pile *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->octets, b->octets, a->len) == 0);
}

/* Play the input in another way.  If an allocation fails, the results may
 * differ: how the input is cut decides which allocation is the n-th. */
static void
run_as(struct run *run, const struct run *whole)
{
	run->head = run->head != NULL ? run->head : whole->head;
	run->stream = whole->stream;
	run_once(run);
	if (run->head->memory == 0) {
		CHECK(same(&whole->check.log, &run->check.log));
		CHECK(same(&whole->check.out, &run->check.out));
	}
	check_free(&run->check);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run whole, other;
	struct plan_head head, single;

	if (size < PLAN_LEN)
		return 0;
	memcpy(&head, data, sizeof head);
	memset(&whole, 0, sizeof whole);
	whole.head = &head;
	whole.stream = (struct mailin_span){ (const char *)data + PLAN_LEN,
		size - PLAN_LEN };
	run_once(&whole);
	memset(&other, 0, sizeof other);
	other.in_pieces = true;
	run_as(&other, &whole);

	memset(&other, 0, sizeof other);
	single = head;
	memset(single.cuts, 0, sizeof single.cuts);
	switch (size % 3) {
	case 0:
		other.puts_off = true;
		break;
	case 1:
		other.reads = 1u + head.cuts[0] % 7u;
		break;
	default:
		other.head = &single;
		other.in_pieces = true;
		break;
	}
	run_as(&other, &whole);
	check_free(&whole.check);
	return 0;
}
