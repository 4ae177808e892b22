/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the verdicts on a message that is stored: server/receive/decision.c.
 * This file replaces the message, the pool and the ticket. */
#include <config.h>

#include <mailin/event.h>

#include "metrics/counters.h"
#include "receive/decision.h"
#include "support/suite.h"

static struct message message;
static unsigned stored, logged, freed;

/* The verdicts of the store. */
static const enum mailin_reply of_store[] = { MAILIN_REPLY_OUT_OF_SPACE,
	MAILIN_REPLY_NO_MAILBOX, MAILIN_REPLY_INTERNAL_ERROR };

void
message_store(struct message *one)
{
	ck_assert_ptr_eq(one, &message);
	stored++;
}

/* The message is logged once for all recipients, before the first of them gets
 * its verdict. */
void
message_log(const struct message *one, bool is_gone)
{
	ck_assert_ptr_eq(one, &message);
	ck_assert(!is_gone);
	logged++;
}

void
message_free(struct message *one)
{
	freed += one != NULL;
}

enum mailin_reply
message_reply(const struct message *one, size_t rcpt)
{
	ck_assert_ptr_eq(one, &message);
	return of_store[rcpt];
}

/* Allocating a ticket always fails. */
struct mailin_ticket *
mailin_ticket_new(struct mailin_session *session)
{
	(void)session;
	return NULL;
}

/* ---- Functions that this test does not need ---- */

void
mailin_ticket_call(struct mailin_ticket *ticket,
    void (*function)(struct mailin_session *session, void *user), void *user)
{
	(void)ticket, (void)function, (void)user;
	ck_abort();
}

void
pool_run(struct pool *pool, struct task *task)
{
	(void)pool, (void)task;
	ck_abort();
}

struct files *
files_hold(struct files *files)
{
	return files;
}

void
files_drop(struct files *files)
{
	(void)files;
}

enum hash_outcome
passwd_verify(const struct passwd_file *passwd, const char *user,
    const char *password)
{
	(void)passwd, (void)user, (void)password;
	return HASH_DIFFERS;
}

struct timespec
duration_begin(void)
{
	return (struct timespec){ 0, 0 };
}

void
count_duration(enum duration duration, const struct timespec *since)
{
	(void)duration, (void)since;
}

/* ---- Tests ---- */

/* This pointer stands for a session that is never used.  A real session is
 * needed only to resume a decision, or to say where a message was stored. */
static struct mailin_session *const session = (struct mailin_session *)&stored;

START_TEST(each_recipient_has_its_verdict)
{
	struct decision decision = { .session = session, .at_once = true };
	size_t i;

	stored = logged = freed = 0;
	decision_store(&decision, &message, false, NULL);
	ck_assert_uint_eq(stored, 1);
	ck_assert_uint_eq(logged, 1);
	for (i = 0; i < ROWS(of_store); i++)
		ck_assert_int_eq(decision_reply(&decision), of_store[i]);
	decision_end(&decision);
	ck_assert_uint_eq(freed, 1);
}
END_TEST

/* Threat V66: if there is no memory for a ticket, the message is freed.
 * Otherwise the next recipient could begin to store it, and would get the
 * verdict of the first one. */
START_TEST(without_memory_nobody_has_a_message)
{
	struct decision decision = { .session = session };
	size_t i;

	stored = freed = 0;
	decision_store(&decision, &message, false, NULL);
	ck_assert_uint_eq(freed, 1);
	for (i = 0; i < ROWS(of_store); i++)
		ck_assert_int_eq(decision_reply(&decision),
		    MAILIN_REPLY_OUT_OF_MEMORY);
	ck_assert_uint_eq(decision.waiting, 0);
	decision_end(&decision);
	ck_assert_uint_eq(stored, 0);
	ck_assert_uint_eq(freed, 1);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_recipient_has_its_verdict,
		without_memory_nobody_has_a_message,
	};

	return suite_run("verdicts", tests, ROWS(tests));
}
