/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the tables of decisions.  Each row (struct mailin_decision) must be
 * complete, and each callback that makes a decision must have a row.  If a row
 * is not complete, the client is refused. */
#include <string.h>

#include "session/step.h"
#include "session/tables.h"
#include "support/client.h"

static struct client client;

#define DECISIONS (DECISION_COUNT + MAILIN_VERB_COUNT)

/* Returns the row with this index.  After the rows of mailin_decisions come the
 * rows of the verbs.  A verb that needs no decision has NULL. */
static const struct mailin_decision *
decision_at(size_t i)
{
	return i < DECISION_COUNT ? mailin_decisions[i] :
				    mailin_verbs[i - DECISION_COUNT].decision;
}

START_TEST(every_row_is_whole)
{
	size_t i;

	for (i = 0; i < DECISIONS; i++)
		ck_assert_msg(decision_at(i) == NULL ||
			mailin_table_decision(decision_at(i)),
		    "%zu", i);
}
END_TEST

static bool
has_row(size_t callback)
{
	size_t i;

	for (i = 0; i < DECISIONS; i++)
		if (decision_at(i) != NULL &&
		    decision_at(i)->callback == callback)
			return true;
	return false;
}

static bool
decides_nothing(size_t callback)
{
	return callback == offsetof(struct mailin_handler, reset) ||
	    callback == offsetof(struct mailin_handler, delivered) ||
	    callback == offsetof(struct mailin_handler, close) ||
	    callback == offsetof(struct mailin_handler, trace) ||
	    callback == offsetof(struct mailin_handler, replied);
}

START_TEST(every_callback_that_decides_has_a_row)
{
	size_t first = offsetof(struct mailin_handler, connect);
	size_t each = sizeof client.handler.connect, at;

	for (at = first; at < sizeof(struct mailin_handler); at += each)
		ck_assert_msg(has_row(at) != decides_nothing(at),
		    "callback %zu", (at - first) / each);
}
END_TEST

/* ---- Rows that lack a member --------------------------------------------- */

ASKS(starttls, (session, session->user))

static const struct mailin_decision whole = {
	DECISION(starttls, DONE, DONE, 2),
	.carry_out = mailin_session_only_send,
};

#define MEMBER(name) offsetof(struct mailin_decision, name), sizeof whole.name

/* Each row of this table names a member of a decision.  If a decision lacks
 * that member, the client gets the reply. */
static const struct {
	const char *name;
	size_t member, size;
	bool has_callback;
	const char *reply;
} partial[] = {
	{ "nothing, without the callback", 0, 0, false, "250 2.0.0" },
	{ "nothing", 0, 0, true, "250 2.0.0" },
	{ "callback", MEMBER(callback), true, "451 4.3.0" },
	{ "callback, without the callback", MEMBER(callback), false,
	    "451 4.3.0" },
	{ "fallback", MEMBER(fallback), false, "451 4.3.0" },
	{ "ok", MEMBER(ok), true, "451 4.3.0" },
	{ "ask", MEMBER(ask), true, "451 4.3.0" },
	{ "ask, without the callback", MEMBER(ask), false, "451 4.3.0" },
	{ "carry_out", MEMBER(carry_out), true, "451 4.3.0" },
	{ "carry_out, without the callback", MEMBER(carry_out), false,
	    "451 4.3.0" },
	{ "all", 0, sizeof whole, true, "451 4.3.0" },
};

static enum mailin_reply
custom(struct client *c)
{
	return mailin_session_reply(c->session, 250, "2.0.0", "yes");
}

static void
answer_custom(struct client *c, enum on on)
{
	if (on == ON_STARTTLS)
		c->answers[on] = custom(c);
}

static void
expect_decision(const char *name, const struct mailin_decision *row,
    const char *reply)
{
	const char *got;

	mailin_session_decide(client.session, row, NULL);
	session_run_due(client.session);
	mailin_session_leave(client.session);
	client_drain(&client);
	got = client_replies(&client);
	ck_assert_msg(strcmp(got, reply) == 0, "without %s: %s", name, got);
	client_expect(&client, "NOOP", "250 2.0.0");
}

START_TEST(a_row_that_lacks_a_member_refuses)
{
	size_t i;

	for (i = 0; i < ROWS(partial); i++) {
		struct mailin_decision row = whole;

		memset((char *)&row + partial[i].member, 0, partial[i].size);
		ck_assert_int_eq(mailin_table_decision(&row),
		    partial[i].size == 0);
		client_init(&client);
		if (!partial[i].has_callback)
			client.handler.starttls = NULL;
		client_begin(&client);
		client_greet(&client);
		expect_decision(partial[i].name, &row, partial[i].reply);
		client_end(&client);
	}
}
END_TEST

START_TEST(a_row_that_forgets_what_agrees_refuses_custom_replies)
{
	struct mailin_decision row = whole;

	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client.hook = answer_custom;
	expect_decision("nothing", &row, "250 2.0.0");
	row.agrees = 0;
	ck_assert(!mailin_table_decision(&row));
	expect_decision("agrees", &row, "451 4.3.0");
	client_end(&client);
}
END_TEST

/* The verdict OK accepts a command, so the reply that a row has for OK must be
 * positive. */
START_TEST(a_row_whose_reply_to_ok_is_negative_is_noticed)
{
	static const enum mailin_reply wrong[] = { MAILIN_REPLY_PENDING,
		MAILIN_REPLY_TRY_LATER, MAILIN_REPLY_REFUSED };
	struct mailin_decision row = whole;
	size_t i;

	for (i = 0; i < ROWS(wrong); i++) {
		row.ok = (uint8_t)wrong[i];
		row.agrees = (uint8_t)(mailin_reply_code(wrong[i]) / 100);
		ck_assert_msg(!mailin_table_decision(&row), "%zu", i);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		every_row_is_whole,
		every_callback_that_decides_has_a_row,
		a_row_that_lacks_a_member_refuses,
		a_row_that_forgets_what_agrees_refuses_custom_replies,
		a_row_whose_reply_to_ok_is_negative_is_noticed,
	};

	return suite_run("row", tests, ROWS(tests));
}
