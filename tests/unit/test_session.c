/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The contract of a session's calls, in each of its stages:
 * src/session/session.c. */
#include <string.h>

#include "support/stage.h"

static struct client client;

/* Returns true if these replies have come, and no others. */
static bool
came(const char *replies)
{
	client_drain(&client);
	return strcmp(client_replies(&client), replies) == 0;
}

/* Returns true if these events have happened, and no others. */
static bool
happened(const char *log)
{
	return strcmp(client_log(&client), log) == 0;
}

static enum mailin_want
want(void)
{
	return mailin_session_want(client.session);
}

static bool
is_pending(const struct stage *stage)
{
	return stage->pending != ON_COUNT;
}

static bool
is_closed(const struct stage *stage)
{
	return stage->want == MAILIN_WANT_CLOSE;
}

/* ---- mailin_session_want ------------------------------------------------- */

static void
check_want(const struct stage *stage)
{
	HOLDS(stage, want() == stage->want);
	HOLDS(stage,
	    mailin_session_output(client.session).len == 0 ||
		stage_is(stage, STAGE_UNOPENED));
	HOLDS(stage,
	    (mailin_session_decision(client.session) != 0) ==
		is_pending(stage));
	HOLDS(stage,
	    (mailin_session_timeout(client.session) == 0) == is_pending(stage));
}

START_TEST(a_session_says_what_it_waits_for)
{
	stage_each(&client, check_want);
}
END_TEST

/* A call without octets changes nothing (property 4). */
static void
check_feed_nothing(const struct stage *stage)
{
	uint64_t progress = mailin_session_progress(client.session);
	uint64_t token = mailin_session_decision(client.session);

	HOLDS(stage, mailin_session_feed(client.session, NULL, 0) == 0);
	HOLDS(stage, mailin_session_feed(client.session, "x", 0) == 0);
	HOLDS(stage, happened(""));
	HOLDS(stage, want() == stage->want);
	HOLDS(stage, mailin_session_progress(client.session) == progress);
	HOLDS(stage, mailin_session_decision(client.session) == token);
	HOLDS(stage, stage_is(stage, STAGE_UNOPENED) || came(""));
}

START_TEST(no_octets_change_nothing)
{
	stage_each(&client, check_feed_nothing);
}
END_TEST

/* A call that is not allowed in a stage returns an error and does nothing
 * (property 51). */
static void
check_misuse(const struct stage *stage)
{
	struct mailin_session *session = client.session;
	const struct mailin_peer peer = { .port = 1 };
	const struct mailin_tls tls = { .version = TEXT("TLSv1.3") };
	uint64_t token = mailin_session_decision(session);
	bool is_new = stage_is(stage, STAGE_UNOPENED | STAGE_WAITS);
	bool at_tls = stage->want == MAILIN_WANT_TLS;

	HOLDS(stage, mailin_session_sent(session, 1) == MAILIN_ERROR_RANGE);
	HOLDS(stage,
	    mailin_session_sent(session, SIZE_MAX) == MAILIN_ERROR_RANGE);
	HOLDS(stage, mailin_session_sent(session, 0) == MAILIN_OK);
	HOLDS(stage,
	    mailin_session_resume(session, 0, MAILIN_REPLY_OK) ==
		MAILIN_ERROR_STALE);
	HOLDS(stage,
	    mailin_session_resume(session, token + 1000, MAILIN_REPLY_OK) ==
		MAILIN_ERROR_STALE);
	HOLDS(stage,
	    mailin_session_resume(session, token, MAILIN_REPLY_PENDING) ==
		MAILIN_ERROR_ARGUMENT);
	HOLDS(stage,
	    mailin_session_resume(session, token, MAILIN_REPLY_COUNT) ==
		MAILIN_ERROR_ARGUMENT);
	HOLDS(stage,
	    mailin_session_resume(session, token, (enum mailin_reply) - 1) ==
		MAILIN_ERROR_ARGUMENT);
	if (!is_new)
		HOLDS(stage,
		    mailin_session_set_peer(session, &peer) ==
			    MAILIN_ERROR_STATE &&
			mailin_session_expect_proxy(session) ==
			    MAILIN_ERROR_STATE &&
			mailin_session_expect_tls(session) ==
			    MAILIN_ERROR_STATE);
	if (!is_new && !at_tls)
		HOLDS(stage,
		    mailin_session_tls_started(session, &tls) ==
			MAILIN_ERROR_STATE);
	if (!at_tls)
		HOLDS(stage,
		    mailin_session_abort(session, MAILIN_CLOSE_TLS) ==
			MAILIN_ERROR_STATE);
	HOLDS(stage, want() == stage->want);
	HOLDS(stage, mailin_session_decision(session) == token);
	HOLDS(stage, happened(""));
}

START_TEST(misuse_is_an_error_and_changes_nothing)
{
	stage_each(&client, check_misuse);
}
END_TEST

/* ---- How a session ends -------------------------------------------------- */

/* The log must show how the session ends: first the "reset" callback if there
 * was a transaction, then the "close" callback, and nothing else. */
static void
check_end(const struct stage *stage, const char *reason)
{
	char expected[64] = "";

	if (!is_closed(stage)) {
		if (stage_is(stage, STAGE_HAS_MAIL))
			strcat(expected, "reset CLOSED\n");
		strcat(expected, "close ");
		strcat(expected, reason);
	}
	HOLDS(stage, happened(expected));
	HOLDS(stage, want() == MAILIN_WANT_CLOSE);
}

/* A closed session stays closed, whatever comes (property 13, threat V46). */
static void
check_over(const struct stage *stage)
{
	struct mailin_session *session = client.session;

	client_drain(&client);
	(void)client_replies(&client);
	HOLDS(stage, mailin_session_feed(session, "QUIT\r\n", 6) == 0);
	HOLDS(stage,
	    mailin_session_resume(session, 1, MAILIN_REPLY_OK) ==
		MAILIN_ERROR_STALE);
	HOLDS(stage, mailin_session_decision(session) == 0);
	HOLDS(stage, mailin_session_eof(session) == MAILIN_OK);
	HOLDS(stage, mailin_session_timed_out(session) == MAILIN_OK);
	HOLDS(stage, mailin_session_shutdown(session) == MAILIN_OK);
	HOLDS(stage,
	    mailin_session_abort(session, MAILIN_CLOSE_ABORT) == MAILIN_OK);
	HOLDS(stage, mailin_session_output(session).len == 0);
	HOLDS(stage, want() == MAILIN_WANT_CLOSE);
	HOLDS(stage, happened(""));
}

static void
check_abort(const struct stage *stage)
{
	HOLDS(stage,
	    mailin_session_abort(client.session, MAILIN_CLOSE_ABORT) ==
		MAILIN_OK);
	check_end(stage, "ABORT");
	HOLDS(stage, came(""));
	check_over(stage);
}

START_TEST(abort_ends_the_session_without_a_reply)
{
	stage_each(&client, check_abort);
}
END_TEST

/* All memory is freed; client_end checks this (property 48). */
static void
check_free(const struct stage *stage)
{
	mailin_session_free(client.session);
	client.session = NULL;
	HOLDS(stage,
	    happened(is_closed(stage) ? "" :
		    stage_is(stage, STAGE_HAS_MAIL) ?
					"reset CLOSED\nclose ABORT" :
					"close ABORT"));
}

START_TEST(free_leaves_no_memory)
{
	mailin_session_free(NULL);
	stage_each(&client, check_free);
}
END_TEST

/* At the end of the input a pending decision may still be made.  Everything
 * else is dropped. */
static void
check_eof(const struct stage *stage)
{
	struct mailin_session *session = client.session;
	enum on pending = stage->pending;

	HOLDS(stage, mailin_session_eof(session) == MAILIN_OK);
	HOLDS(stage, mailin_session_feed(session, "QUIT\r\n", 6) == 0);
	if (!is_pending(stage)) {
		check_end(stage, "EOF");
		HOLDS(stage, came(""));
		check_over(stage);
		return;
	}
	HOLDS(stage, want() == MAILIN_WANT_DECISION);
	HOLDS(stage, happened(""));
	while (mailin_session_decision(session) != 0)
		HOLDS(stage,
		    mailin_session_resume(session,
			mailin_session_decision(session),
			MAILIN_REPLY_OK) == MAILIN_OK);
	/* No reply was sent if DATA waits for its decision, or if a chunk of
	 * BDAT is incomplete. */
	HOLDS(stage,
	    came("") ==
		(pending == ON_DATA || strcmp(stage->name, "in BDAT") == 0));
	HOLDS(stage, strstr(client_log(&client), "close EOF") != NULL);
	check_over(stage);
}

START_TEST(eof_waits_for_open_decisions_alone)
{
	stage_each(&client, check_eof);
}
END_TEST

/* Returns the reply that must end the session, or "" if no reply may be sent.
 * No reply in clear may be sent after the 220 to STARTTLS, or before a PROXY
 * header or TLS that must come first.  A reply that replaces the greeting has
 * no enhanced code (RFC 2034 3). */
static const char *
last_reply(const struct stage *stage, const char *reply)
{
	if (is_closed(stage) || stage->want == MAILIN_WANT_TLS ||
	    stage_is(stage, STAGE_WAITS))
		return "";
	return stage_is(stage, STAGE_UNOPENED) ? "421" : reply;
}

/* A 421 is never sent while a decision is pending: the message may be stored
 * already. */
static void
check_timed_out(const struct stage *stage)
{
	enum mailin_error error = mailin_session_timed_out(client.session);

	if (is_pending(stage)) {
		HOLDS(stage, error == MAILIN_ERROR_STATE);
		HOLDS(stage, want() == MAILIN_WANT_DECISION);
		HOLDS(stage, happened(""));
		return;
	}
	HOLDS(stage, error == MAILIN_OK);
	check_end(stage, "TIMEOUT");
	HOLDS(stage, came(last_reply(stage, "421 4.4.2")));
	check_over(stage);
}

START_TEST(a_timeout_gets_421_and_ends_the_session)
{
	stage_each(&client, check_timed_out);
}
END_TEST

/* mailin_session_shutdown ends the session at once if there is no transaction,
 * otherwise after the verdict on the message. */
static void
check_shutdown(const struct stage *stage)
{
	HOLDS(stage, mailin_session_shutdown(client.session) == MAILIN_OK);
	HOLDS(stage, mailin_session_shutdown(client.session) == MAILIN_OK);
	if (is_pending(stage) || stage_is(stage, STAGE_KEEPS_ON)) {
		HOLDS(stage, want() == stage->want);
		HOLDS(stage, happened("") && came(""));
		return;
	}
	check_end(stage, "SHUTDOWN");
	HOLDS(stage, came(last_reply(stage, "421 4.3.2")));
	check_over(stage);
}

START_TEST(shutdown_waits_for_the_transaction)
{
	stage_each(&client, check_shutdown);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_session_says_what_it_waits_for,
		no_octets_change_nothing,
		misuse_is_an_error_and_changes_nothing,
		abort_ends_the_session_without_a_reply,
		free_leaves_no_memory,
		eof_waits_for_open_decisions_alone,
		a_timeout_gets_421_and_ends_the_session,
		shutdown_waits_for_the_transaction,
	};

	return suite_run("session", tests, ROWS(tests));
}
