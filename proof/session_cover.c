/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "session_judge.h"
#include "support/rule_names.h"

/* Records which cells of the table of states (src/config/rules.c) were used,
 * and which cannot be. */

static uint64_t used[STATE_COUNT][EVENT_COUNT][2];

static void
mark(enum mailin_event event, bool yes)
{
	used[judge_state_of((enum phase)judged.base.phase)][event][yes]++;
}

static bool
asked(void)
{
	unsigned i;

	for (i = 0; i < judged.record.call_count; i++)
		if (judged.record.calls[i].on < ON_DECISIONS)
			return true;
	return false;
}

static unsigned
last_code(void)
{
	unsigned count = judged.record.code_count;

	return count > 0 ? judged.record.codes[count - 1] : 0;
}

/* Mark the cell of a command that ran.  A command that was refused before it
 * ran uses no cell. */
static void
note_command(void)
{
	const struct event *event = judged.event;
	bool is_data = event->verb == MAILIN_VERB_BDAT ||
	    event->verb == MAILIN_VERB_BURL;
	bool yes = last_code() < 400;

	if (event->form != FORM_GOOD ||
	    model_refusal(judged.setup, &judged.base, event) != 0)
		return;
	if (is_data)
		yes = judged.base.phase == PHASE_RCPT ?
		    judged.record.call_count > 0 &&
			judged.record.calls[0].verdict == VERDICT_YES :
		    judged.base.phase == PHASE_CHUNKS;
	if (yes || asked() || is_data)
		mark((enum mailin_event)event->verb, yes);
}

static void
note_message(void)
{
	const struct model *base = &judged.base;
	bool was_refused = base->refused != 0, ends, yes = last_code() < 400;

	if (base->phase != PHASE_DATA && base->phase != PHASE_CHUNKS &&
	    base->phase != PHASE_FAILED)
		return;
	ends = (judged.event->has & (IS_END | HAS_LAST)) != 0 ||
	    (base->last && base->chunk == judged.event->size);
	if (ends && judged.event->form == FORM_GOOD && last_code() != 421 &&
	    judged.record.code_count > 0)
		mark(EVENT_END, yes);
	if (!was_refused && judge_count(&judged.record, ON_RESET) > 0 &&
	    (judge_count(&judged.record, ON_DATA) > 0 ||
		judge_count(&judged.record, ON_BURL) > 0))
		mark(EVENT_REFUSE, true);
}

static void
note_call(void)
{
	switch (judged.event->act) {
	case ACT_TLS:
		mark(EVENT_TLS, true);
		break;
	case ACT_EXPECT_PROXY:
		mark(EVENT_EXPECT_PROXY, true);
		break;
	case ACT_EXPECT_TLS:
		mark(EVENT_EXPECT_TLS, true);
		break;
	default:
		break;
	}
}

/* If the first BDAT or BURL of a message is refused, it uses one more cell of
 * the table: the event REFUSE in the state that BDAT led to. */
static void
note_first_chunk(void)
{
	unsigned count = judged.record.call_count;

	if (judged.base.phase != PHASE_RCPT ||
	    (judged.event->verb != MAILIN_VERB_BDAT &&
		judged.event->verb != MAILIN_VERB_BURL) ||
	    count == 0 || judged.record.calls[0].on != ON_DATA_START)
		return;
	if (judged.record.calls[0].verdict != VERDICT_YES)
		used[STATE_CHUNKS_FAILED][EVENT_REFUSE][true]++;
}

static void
note_feed(void)
{
	bool in_auth = judged.base.phase == PHASE_AUTH;
	bool begins_auth = judge_count(&judged.record, ON_AUTH) > 0 ||
	    judge_count(&judged.record, ON_SASL) > 0;

	if (judged.event->detail >= DETAIL_V1 &&
	    judged.event->detail <= DETAIL_V2_TLS)
		mark(EVENT_PROXY, true);
	if ((judged.event->in & IN_COMMAND) != 0 && !judged.base.in_chunk)
		note_command();
	note_first_chunk();
	note_message();
	if (last_code() == 334)
		used[STATE_AUTH][EVENT_CHALLENGE][true]++;
	else if ((in_auth || begins_auth) && judged.record.code_count > 0)
		used[STATE_AUTH][EVENT_AUTH_END][last_code() == 235]++;
}

void
cover_note(void)
{
	if (judged.is_open)
		return;
	if (judge_count(&judged.record, ON_CONNECT) > 0)
		used[STATE_NEW][EVENT_CONNECT][last_code() == 220]++;
	if (judge_count(&outcome.record, ON_CLOSE) > 0)
		mark(EVENT_CLOSE, true);
	if (outcome.error != MAILIN_OK)
		return;
	if (judged.event->act == ACT_FEED && !judged.expected.takes_nothing)
		note_feed();
	else
		note_call();
}

/* Returns true if the event is never refused, because there is no decision on
 * it or because a refusal ends the session. */
static bool
is_never_refused(enum mailin_event event)
{
	switch ((int)event) {
	case MAILIN_VERB_NOOP:
	case MAILIN_VERB_RSET:
	case MAILIN_VERB_QUIT:
	case EVENT_CLOSE:
	case EVENT_EXPECT_PROXY:
	case EVENT_EXPECT_TLS:
	/* Without a challenge the AUTH ends.  A failed handshake, or a bad
	 * PROXY header, ends the session. */
	case EVENT_CHALLENGE:
	case EVENT_TLS:
	case EVENT_PROXY:
	case EVENT_REFUSE:
		return true;
	default:
		return false;
	}
}

/* The handler decides on AUTH only in the state AUTH, and on BDAT and BURL
 * only before the first chunk.  No chunk of a failed message is accepted. */
static bool
is_not_decided(enum mailin_state state, enum mailin_event event, bool yes)
{
	if (event == (enum mailin_event)MAILIN_VERB_AUTH)
		return !yes;
	if (event == EVENT_END)
		return state == STATE_CHUNKS_FAILED && yes;
	if (event != (enum mailin_event)MAILIN_VERB_BDAT &&
	    event != (enum mailin_event)MAILIN_VERB_BURL)
		return false;
	return (state == STATE_CHUNKS && !yes) ||
	    (state == STATE_CHUNKS_FAILED && yes);
}

void
cover_end(void)
{
	int state, event, yes;
	unsigned never = 0;

	for (state = STATE_NEW; state < STATE_COUNT; state++)
		for (event = 0; event < EVENT_COUNT; event++) {
			if (mailin_rule((enum mailin_state)state,
				(enum mailin_event)event)
				.yes == STATE_NONE)
				continue;
			for (yes = 0; yes < 2; yes++) {
				bool is_used = used[state][event][yes] > 0;

				if (!is_used &&
				    ((!yes &&
					 is_never_refused(
					     (enum mailin_event)event)) ||
					is_not_decided((enum mailin_state)state,
					    (enum mailin_event)event,
					    yes != 0))) {
					never++;
					continue;
				}
				hold(CLAIM_CELLS, is_used, "not used");
				if (!is_used)
					printf("    not used: %s, %s, %s\n",
					    state_name(
						(enum mailin_state)state),
					    event_name(
						(enum mailin_event)event),
					    yes ? "yes" : "no");
			}
		}
	printf("%u cells cannot be used: nobody is asked (session_cover.c)\n",
	    never);
}
