/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the table of states and verbs in src/config/rules.c, without a session:
 * which states can be reached, and that no cell allows what the RFCs forbid.
 * The table shows a part of the properties 15 to 26; test_states.c tests them
 * in sessions. */
#include <string.h>

#include "support/rule_names.h"
#include "support/suite.h"

#define EVENT(verb) ((enum mailin_event)MAILIN_VERB_##verb)

static enum mailin_state
yes(enum mailin_state state, enum mailin_event event)
{
	return (enum mailin_state)mailin_rule(state, event).yes;
}

static enum mailin_state
no(enum mailin_state state, enum mailin_event event)
{
	return (enum mailin_state)mailin_rule(state, event).no;
}

/* Call "check" for every cell of every valid state. */
static void
each_cell(void (*check)(enum mailin_state state, enum mailin_event event))
{
	int state, event;

	for (state = STATE_NEW; state < STATE_COUNT; state++)
		for (event = 0; event < EVENT_COUNT; event++)
			check((enum mailin_state)state,
			    (enum mailin_event)event);
}

#define CELL_HOLDS(what) \
	do { \
		if (!(what)) \
			ck_abort_msg("%s in %s: not %s", event_name(event), \
			    state_name(state), #what); \
	} while (0)

/* Mark the states that can be reached from this one without EVENT_CLOSE. */
static void
reach(enum mailin_state state, bool *reached)
{
	int event;

	if (state == STATE_NONE || reached[state])
		return;
	reached[state] = true;
	for (event = 0; event < EVENT_CLOSE; event++) {
		reach(yes(state, (enum mailin_event)event), reached);
		reach(no(state, (enum mailin_event)event), reached);
	}
}

/* Every state can be reached, and leads to the end (property 24).  Every cell
 * is complete, and no command is allowed without a cell. */
START_TEST(every_state_is_reached_from_new)
{
	bool reached[STATE_COUNT] = { false };
	int state;

	reach(STATE_NEW, reached);
	for (state = STATE_NEW; state < STATE_COUNT; state++)
		ck_assert_msg(reached[state], "%s",
		    state_name((enum mailin_state)state));
}
END_TEST

START_TEST(the_end_is_reached_from_every_state)
{
	int state;

	for (state = STATE_NEW; state < STATE_COUNT; state++) {
		bool reached[STATE_COUNT] = { false };

		reach((enum mailin_state)state, reached);
		ck_assert_msg(reached[STATE_CLOSED], "%s",
		    state_name((enum mailin_state)state));
	}
}
END_TEST

static void
check_whole(enum mailin_state state, enum mailin_event event)
{
	struct mailin_rule rule = mailin_rule(state, event);

	CELL_HOLDS(rule.yes < STATE_COUNT && rule.no < STATE_COUNT);
	CELL_HOLDS((rule.yes == STATE_NONE) == (rule.no == STATE_NONE));
	CELL_HOLDS(state != STATE_CLOSED || rule.yes == STATE_NONE);
}

START_TEST(a_cell_leads_somewhere_or_is_not_allowed)
{
	int event;

	each_cell(check_whole);
	for (event = 0; event < EVENT_COUNT; event++)
		ck_assert_int_eq(
		    mailin_rule(STATE_NONE, (enum mailin_event)event).yes,
		    STATE_NONE);
}
END_TEST

/* ---- Events that no cell may allow --------------------------------------- */

/* RFC 5321 4.1.4: the states in which a client sends commands. */
static bool
takes_commands(enum mailin_state state)
{
	return state == STATE_START || state == STATE_READY ||
	    state == STATE_MAIL || state == STATE_RCPT ||
	    state == STATE_CHUNKS || state == STATE_CHUNKS_FAILED;
}

static bool
is_verb(enum mailin_event event)
{
	return event < (enum mailin_event)MAILIN_VERB_COUNT;
}

static void
check_commands(enum mailin_state state, enum mailin_event event)
{
	bool allowed = yes(state, event) != STATE_NONE;

	if (!is_verb(event))
		return;
	if (event == EVENT(QUIT))
		CELL_HOLDS(allowed ==
		    (takes_commands(state) || state == STATE_REFUSED));
	else if (!takes_commands(state))
		CELL_HOLDS(!allowed);
}

/* Octets of a message, a response and a handshake are not commands
 * (property 22). */
START_TEST(commands_are_allowed_only_where_commands_come)
{
	each_cell(check_commands);
}
END_TEST

/* Returns true for the verbs that change no state (RFC 5321 4.1.1.6 to 4.1.1.9;
 * property 17). */
static bool
is_aside(enum mailin_event event)
{
	return event == EVENT(NOOP) || event == EVENT(VRFY) ||
	    event == EVENT(EXPN) || event == EVENT(HELP) ||
	    event == EVENT_UNKNOWN;
}

static void
check_aside(enum mailin_state state, enum mailin_event event)
{
	enum mailin_state there = takes_commands(state) ? state : STATE_NONE;

	if (is_aside(event))
		CELL_HOLDS(
		    yes(state, event) == there && no(state, event) == there);
}

START_TEST(side_commands_change_no_state)
{
	each_cell(check_aside);
}
END_TEST

/* The events that end a transaction are the same in every state
 * (property 16). */
static void
check_clearing(enum mailin_state state, enum mailin_event event)
{
	enum mailin_state ready = state == STATE_START && event == EVENT(RSET) ?
	    STATE_START :
	    STATE_READY;

	if (event == EVENT(RSET) || event == EVENT(HELO) ||
	    event == EVENT(EHLO) || event == EVENT(LHLO)) {
		CELL_HOLDS(yes(state, event) ==
		    (takes_commands(state) ? ready : STATE_NONE));
		CELL_HOLDS(no(state, event) ==
		    (takes_commands(state) ? state : STATE_NONE));
	}
	if (event == EVENT_END && yes(state, event) != STATE_NONE)
		CELL_HOLDS(yes(state, event) == STATE_READY &&
		    no(state, event) == STATE_READY);
}

START_TEST(every_end_of_a_transaction_leads_to_ready)
{
	each_cell(check_clearing);
}
END_TEST

/* Check the states to which only one kind of event leads
 * (properties 15, 20, 21). */
static void
check_entries(enum mailin_state state, enum mailin_event event)
{
	switch (yes(state, event)) {
	case STATE_MAIL:
		CELL_HOLDS(is_aside(event) ||
		    (state == STATE_READY && event == EVENT(MAIL)));
		break;
	case STATE_RCPT:
		CELL_HOLDS(is_aside(event) ||
		    (event == EVENT(RCPT) &&
			(state == STATE_MAIL || state == STATE_RCPT)));
		break;
	case STATE_DATA:
		CELL_HOLDS((state == STATE_RCPT && event == EVENT(DATA)) ||
		    (state == STATE_DATA && event == EVENT_REFUSE));
		break;
	case STATE_CHUNKS:
		CELL_HOLDS(state == STATE_RCPT || state == STATE_CHUNKS);
		CELL_HOLDS(is_aside(event) || event == EVENT(BDAT) ||
		    event == EVENT(BURL));
		break;
	case STATE_AUTH:
		CELL_HOLDS((state == STATE_READY && event == EVENT(AUTH)) ||
		    (state == STATE_AUTH && event == EVENT_CHALLENGE));
		break;
	case STATE_TLS:
		CELL_HOLDS(event == EVENT(STARTTLS) &&
		    (state == STATE_READY || state == STATE_MAIL ||
			state == STATE_RCPT));
		break;
	default:
		break;
	}
}

START_TEST(a_state_is_entered_by_its_verb_alone)
{
	each_cell(check_entries);
}
END_TEST

/* An error leaves the state unchanged, except in a chunk (property 25). */
static void
check_errors(enum mailin_state state, enum mailin_event event)
{
	enum mailin_state next = no(state, event);

	if (next == STATE_NONE || next == state || !is_verb(event))
		return;
	if (event == EVENT(BDAT) || event == EVENT(BURL))
		CELL_HOLDS(next == STATE_CHUNKS_FAILED &&
		    (state == STATE_RCPT || state == STATE_CHUNKS));
	else
		CELL_HOLDS(event == EVENT(QUIT));
}

START_TEST(an_error_never_advances)
{
	each_cell(check_errors);
	/* RFC 5321 3.1: the server may send 554 instead of the greeting. */
	ck_assert_int_eq(no(STATE_NEW, EVENT_CONNECT), STATE_REFUSED);
	ck_assert_int_eq(yes(STATE_NEW, EVENT_CONNECT), STATE_START);
}
END_TEST

/* RFC 3030 2: a message that has failed remains failed until its end. */
START_TEST(a_failed_message_is_never_under_way_again)
{
	int event;

	for (event = 0; event < EVENT_COUNT; event++) {
		enum mailin_state next = yes(STATE_CHUNKS_FAILED,
		    (enum mailin_event)event);

		ck_assert_msg(next != STATE_CHUNKS && next != STATE_DATA &&
			next != STATE_MAIL && next != STATE_RCPT,
		    "%s", event_name((enum mailin_event)event));
	}
}
END_TEST

/* After a handshake the client must say EHLO again (property 18). */
START_TEST(a_handshake_begins_anew)
{
	ck_assert_int_eq(yes(STATE_TLS, EVENT_TLS), STATE_START);
	ck_assert_int_eq(no(STATE_TLS, EVENT_TLS), STATE_CLOSED);
	ck_assert_int_eq(yes(STATE_NEW, EVENT_TLS), STATE_NEW);
}
END_TEST

/* ---- Events that are no verbs -------------------------------------------- */

static void
check_close(enum mailin_state state, enum mailin_event event)
{
	if (event == EVENT_CLOSE && state != STATE_CLOSED)
		CELL_HOLDS(yes(state, event) == STATE_CLOSED &&
		    no(state, event) == STATE_CLOSED);
	if (event == EVENT(QUIT) && yes(state, event) != STATE_NONE)
		CELL_HOLDS(yes(state, event) == yes(state, EVENT_CLOSE));
}

START_TEST(every_state_may_be_the_last)
{
	each_cell(check_close);
}
END_TEST

static void
check_message(enum mailin_state state, enum mailin_event event)
{
	bool holds_octets = yes(state, EVENT_END) != STATE_NONE;
	enum mailin_state refused = !holds_octets ? STATE_NONE :
	    state == STATE_DATA                   ? STATE_DATA :
						    STATE_CHUNKS_FAILED;

	if (event == EVENT_REFUSE)
		CELL_HOLDS(yes(state, event) == refused);
}

START_TEST(a_message_may_be_refused_until_it_ends)
{
	each_cell(check_message);
}
END_TEST

/* RFC 4954 4: an exchange may take any number of rounds. */
static void
check_auth(enum mailin_state state, enum mailin_event event)
{
	bool here = state == STATE_AUTH;

	if (event == EVENT_CHALLENGE)
		CELL_HOLDS(
		    yes(state, event) == (here ? STATE_AUTH : STATE_NONE));
	if (event == EVENT_AUTH_END)
		CELL_HOLDS(
		    yes(state, event) == (here ? STATE_READY : STATE_NONE));
}

START_TEST(a_challenge_goes_on_with_auth)
{
	each_cell(check_auth);
}
END_TEST

START_TEST(states_and_events_have_names_of_their_own)
{
	int i, j;

	for (i = STATE_NEW; i < STATE_COUNT; i++)
		for (j = STATE_NONE; j < i; j++)
			ck_assert_str_ne(state_name((enum mailin_state)i),
			    state_name((enum mailin_state)j));
	for (i = 0; i < EVENT_COUNT; i++) {
		ck_assert_str_ne(event_name((enum mailin_event)i), "?");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(event_name((enum mailin_event)i),
			    event_name((enum mailin_event)j));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		every_state_is_reached_from_new,
		the_end_is_reached_from_every_state,
		a_cell_leads_somewhere_or_is_not_allowed,
		commands_are_allowed_only_where_commands_come,
		side_commands_change_no_state,
		every_end_of_a_transaction_leads_to_ready,
		a_state_is_entered_by_its_verb_alone,
		an_error_never_advances,
		a_failed_message_is_never_under_way_again,
		a_handshake_begins_anew,
		every_state_may_be_the_last,
		a_message_may_be_refused_until_it_ends,
		a_challenge_goes_on_with_auth,
		states_and_events_have_names_of_their_own,
	};

	return suite_run("rules", tests, ROWS(tests));
}
