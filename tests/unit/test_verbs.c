/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the table of the verbs (src/session/command.c).  Also tests the checks
 * with which a debug build finds gaps in tables (src/session/tables.c). */
#include <string.h>

#include "session/tables.h"
#include "support/rule_names.h"
#include "support/suite.h"

struct need {
	enum mailin_verb verb;
	unsigned needs, traits;
	int extension; /* -1: no extension */
};

#define TLS_AND_AUTH (NEEDS_TLS | NEEDS_IDENTITY)
#define GREETS       (TRAIT_LAST | TRAIT_JUNK | TRAIT_HELLO)
#define BOTH         (TRAIT_LAST | TRAIT_JUNK)

/* A second table of the verbs, made from the RFCs.  TRAIT_LAST comes from
 * RFC 2920 3.1, and TRAIT_HELLO from RFC 2034 3.  RFC 3207 4 and RFC 4954 6 say
 * which verbs are allowed if TLS or AUTH is required.  TRAIT_JUNK is an idea of
 * this library. */
/* clang-format off */
static const struct need needs[] = {
	{ MAILIN_VERB_HELO, NEEDS_SMTP, GREETS, -1 },
	{ MAILIN_VERB_EHLO, NEEDS_SMTP, GREETS, -1 },
	{ MAILIN_VERB_LHLO, NEEDS_LMTP, GREETS, -1 },
	{ MAILIN_VERB_MAIL, TLS_AND_AUTH, 0, -1 },
	{ MAILIN_VERB_RCPT, TLS_AND_AUTH, 0, -1 },
	{ MAILIN_VERB_DATA, TLS_AND_AUTH, 0, -1 },
	{ MAILIN_VERB_BDAT, TLS_AND_AUTH | NEEDS_OFFER, TRAIT_CHUNK,
	    MAILIN_EXTENSION_CHUNKING },
	{ MAILIN_VERB_RSET, 0, TRAIT_JUNK, -1 },
	{ MAILIN_VERB_NOOP, 0, BOTH, -1 },
	{ MAILIN_VERB_VRFY, TLS_AND_AUTH, BOTH, -1 },
	{ MAILIN_VERB_EXPN, TLS_AND_AUTH | NEEDS_OFFER, BOTH,
	    MAILIN_EXTENSION_EXPN },
	{ MAILIN_VERB_HELP, TLS_AND_AUTH, TRAIT_JUNK, -1 },
	{ MAILIN_VERB_QUIT, 0, 0, -1 },
	{ MAILIN_VERB_STARTTLS, NEEDS_OFFER | NEEDS_ESMTP, TRAIT_LAST,
	    MAILIN_EXTENSION_STARTTLS },
	{ MAILIN_VERB_AUTH, NEEDS_OFFER | NEEDS_TLS | NEEDS_ESMTP, 0, -1 },
	{ MAILIN_VERB_ETRN, TLS_AND_AUTH | NEEDS_OFFER | NEEDS_ESMTP,
	    TRAIT_JUNK, MAILIN_EXTENSION_ETRN },
	{ MAILIN_VERB_BURL, TLS_AND_AUTH | NEEDS_OFFER, 0,
	    MAILIN_EXTENSION_BURL },
	{ MAILIN_VERB_XCLIENT, NEEDS_OFFER, BOTH, MAILIN_EXTENSION_XCLIENT },
	{ MAILIN_VERB_XFORWARD, TLS_AND_AUTH | NEEDS_OFFER, TRAIT_JUNK,
	    MAILIN_EXTENSION_XFORWARD },
	{ MAILIN_VERB_UNKNOWN, TLS_AND_AUTH, TRAIT_JUNK, -1 },
};
/* clang-format on */

START_TEST(each_verb_needs_what_its_rfc_says)
{
	size_t i;

	ck_assert_uint_eq(ROWS(needs), MAILIN_VERB_COUNT);
	for (i = 0; i < ROWS(needs); i++) {
		enum mailin_verb verb = needs[i].verb;
		const struct mailin_verb_row *row = &mailin_verbs[verb];

		ck_assert_msg(row->needs == needs[i].needs &&
			row->traits == needs[i].traits &&
			row->offer ==
			    (needs[i].extension < 0 ?
				    0 :
				    MAILIN_BIT(needs[i].extension)),
		    "%s", mailin_verb_name(verb));
	}
}
END_TEST

START_TEST(no_cell_is_forgotten)
{
	ck_assert(mailin_tables_are_whole());
}
END_TEST

static void
run_nothing(struct mailin_session *session,
    const struct mailin_command *command)
{
	(void)session;
	(void)command;
}

START_TEST(a_verb_that_lacks_something_is_noticed)
{
	int i;

	for (i = 0; i < MAILIN_VERB_COUNT; i++) {
		enum mailin_verb verb = (enum mailin_verb)i;
		struct mailin_verb_row row = mailin_verbs[i];
		struct mailin_decision decision;

		row.run = NULL;
		row.decision = NULL;
		ck_assert(!mailin_table_verb(verb, &row));
		row.run = run_nothing;
		row.decision = mailin_decisions[0];
		ck_assert(!mailin_table_verb(verb, &row));
		row = mailin_verbs[i];
		row.offer = 0;
		ck_assert_int_eq(mailin_table_verb(verb, &row),
		    mailin_verbs[i].offer == 0);
		row = mailin_verbs[i];
		row.needs &= (uint8_t)~NEEDS_OFFER;
		ck_assert_int_eq(mailin_table_verb(verb, &row),
		    mailin_verbs[i].needs == row.needs);
		if (mailin_verbs[i].decision == NULL)
			continue;
		decision = *mailin_verbs[i].decision;
		decision.carry_out = NULL;
		row = mailin_verbs[i];
		row.decision = &decision;
		ck_assert(!mailin_table_verb(verb, &row));
	}
}
END_TEST

START_TEST(a_parameter_that_lacks_something_is_noticed)
{
	int i;

	for (i = PARAMETER_FIRST; i < MAILIN_PARAMETER_COUNT; i++) {
		struct mailin_parameter_row row = mailin_parameter_rows[i];

		row.name[0] = '\0';
		ck_assert(!mailin_table_parameter(&row));
		row = mailin_parameter_rows[i];
		row.verb = 0;
		ck_assert(!mailin_table_parameter(&row));
		row = mailin_parameter_rows[i];
		row.extension = 0;
		ck_assert(!mailin_table_parameter(&row));
	}
}
END_TEST

/* Returns true if the table is valid even without this cell, because the state
 * may allow or refuse the event.  test_states.c checks which of them it
 * does. */
static bool
may_be_missing(int state, int event)
{
	switch (event) {
	case MAILIN_VERB_RCPT:
		return state == STATE_RCPT;
	case MAILIN_VERB_STARTTLS:
		return true;
	case MAILIN_VERB_XCLIENT:
		return true;
	case EVENT_TLS:
		return state == STATE_NEW || state == STATE_PROXY;
	default:
		return false;
	}
}

START_TEST(a_cell_that_is_missing_is_noticed)
{
	static struct mailin_rule rules[STATE_COUNT][EVENT_COUNT];
	const struct mailin_rule none = { STATE_NONE, STATE_NONE };
	int state, event;

	for (state = STATE_NEW; state < STATE_COUNT; state++) {
		for (event = 0; event < EVENT_COUNT; event++) {
			memcpy(rules, mailin_rules, sizeof rules);
			if (rules[state][event].yes == STATE_NONE)
				continue;
			rules[state][event].no = STATE_NONE;
			ck_assert(!mailin_table_rules(rules));
			rules[state][event] = none;
			ck_assert_msg(mailin_table_rules(rules) ==
				may_be_missing(state, event),
			    "%s in %s", event_name((enum mailin_event)event),
			    state_name((enum mailin_state)state));
		}
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_verb_needs_what_its_rfc_says,
		no_cell_is_forgotten,
		a_verb_that_lacks_something_is_noticed,
		a_parameter_that_lacks_something_is_noticed,
		a_cell_that_is_missing_is_noticed,
	};

	return suite_run("verbs", tests, ROWS(tests));
}
