/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_judge.h"
#include "support/rule_names.h"

/* Compares a session with what the observer expects, claim by claim. */

struct judged judged;

/* ---- The event to judge -------------------------------------------------- */

static void
add_record(struct record *all, const struct record *more)
{
	unsigned i;

	for (i = 0; i < more->call_count && all->call_count < MOST_CALLS; i++)
		all->calls[all->call_count++] = more->calls[i];
	for (i = 0; i < more->code_count && all->code_count < 8; i++)
		all->codes[all->code_count++] = more->codes[i];
	all->offered |= more->offered;
}

static bool
is_waiting(const struct record *record)
{
	unsigned i;

	for (i = 0; i < record->call_count; i++)
		if (record->calls[i].verdict == VERDICT_PENDING)
			return true;
	return false;
}

/* Put the verdict of a resumed decision in the place of PENDING. */
static void
decide(struct record *record, unsigned which, enum verdict verdict)
{
	struct call *found = NULL;
	unsigned i;

	for (i = 0; i < record->call_count; i++)
		if (record->calls[i].verdict == VERDICT_PENDING &&
		    (found == NULL || which > 0))
			found = &record->calls[i];
	if (found != NULL)
		found->verdict = (uint8_t)verdict;
}

static void
prepare(const struct event *event)
{
	judged.base = world.model;
	judged.was_open = judged.base.open;
	judged.resumes = event->act == ACT_RESUME;
	judged.event = event;
	judged.record = outcome.record;
	if (judged.was_open) {
		judged.record = judged.base.so_far;
		if (judged.resumes)
			decide(&judged.record, event->which, event->verdict);
		else
			judged.record.code_count = 0;
		add_record(&judged.record, &outcome.record);
	}
	if (judged.resumes) {
		judged.event = &events[judged.base.command];
		judged.base.open = 0;
		judged.base.command = 0;
		memset(&judged.base.so_far, 0, sizeof judged.base.so_far);
	}
	judged.is_open = is_waiting(&judged.record);
}

static void
advance(void)
{
	if (judged.is_open && (!judged.was_open || judged.resumes)) {
		world.model = judged.base;
		world.model.open = 1;
		world.model.command = (uint16_t)(judged.event - events);
		world.model.so_far = judged.record;
		judged.expected.after = world.model;
		return;
	}
	model_expect(judged.setup, &judged.base, judged.event, &judged.record,
	    &judged.expected);
	world.model = judged.expected.after;
	judged.is_open = world.model.open;
}

/* ---- Claims about states, replies, calls and messages -------------------- */

enum mailin_state
judge_state_of(enum phase phase)
{
	static const uint8_t states[] = {
		[PHASE_NEW] = STATE_NEW,
		[PHASE_PROXY] = STATE_PROXY,
		[PHASE_PROXY_TLS] = STATE_PROXY_TLS,
		[PHASE_TLS_FIRST] = STATE_TLS_FIRST,
		[PHASE_START] = STATE_START,
		[PHASE_REFUSED] = STATE_REFUSED,
		[PHASE_READY] = STATE_READY,
		[PHASE_MAIL] = STATE_MAIL,
		[PHASE_RCPT] = STATE_RCPT,
		[PHASE_DATA] = STATE_DATA,
		[PHASE_CHUNKS] = STATE_CHUNKS,
		[PHASE_FAILED] = STATE_CHUNKS_FAILED,
		[PHASE_AUTH] = STATE_AUTH,
		[PHASE_TLS] = STATE_TLS,
		[PHASE_CLOSED] = STATE_CLOSED,
	};

	return (enum mailin_state)states[phase];
}

static enum mailin_want
want_of(const struct model *model)
{
	if (model->open)
		return MAILIN_WANT_DECISION;
	if (model->phase == PHASE_CLOSED)
		return MAILIN_WANT_CLOSE;
	return model->phase == PHASE_TLS || model->phase == PHASE_TLS_FIRST ?
	    MAILIN_WANT_TLS :
	    MAILIN_WANT_INPUT;
}

static void
judge_state(void)
{
	const struct model *model = &world.model;

	if (!model->open)
		hold(CLAIM_STATE,
		    key_state() == judge_state_of((enum phase)model->phase),
		    state_name(key_state()));
	hold(CLAIM_STATE, mailin_session_want(world.session) == want_of(model),
	    mailin_want_name(mailin_session_want(world.session)));
}

static bool
is_code(unsigned got, unsigned want)
{
	return want == CODE_5XX ? got / 100 == 5 : got == want;
}

static void
judge_replies(void)
{
	unsigned i;

	if (judged.is_open) {
		/* Only LMTP sends replies before the last decision. */
		hold(CLAIM_REPLIES,
		    outcome.record.code_count == 0 || judged.setup->lmtp,
		    "a reply before the decision");
		return;
	}
	hold(CLAIM_REPLIES,
	    judged.record.code_count == judged.expected.code_count,
	    "more replies or less than there must be");
	for (i = 0; i < judged.expected.code_count && i < 8; i++)
		hold(CLAIM_REPLIES,
		    is_code(judged.record.codes[i], judged.expected.codes[i]),
		    "another reply than there must be");
}

unsigned
judge_count(const struct record *record, enum on on)
{
	unsigned i, n = 0;

	for (i = 0; i < record->call_count; i++)
		n += record->calls[i].on == on;
	return n;
}

static unsigned
count_yes(enum on on)
{
	unsigned i, n = 0;

	for (i = 0; i < judged.record.call_count; i++)
		n += judged.record.calls[i].on == on &&
		    judged.record.calls[i].verdict == VERDICT_YES;
	return n;
}

static bool
is_message(enum on on)
{
	return on == ON_DATA_START || on == ON_DATA || on == ON_DATA_END ||
	    on == ON_BURL;
}

/* RFC 5321 3.3: a message has a sender and a recipient. */
static void
judge_octets(void)
{
	const struct record *record = &outcome.record;
	bool any = outcome.handed_on > 0;
	unsigned i;

	for (i = 0; i < record->call_count; i++)
		any |= is_message((enum on)record->calls[i].on);
	for (i = 0; i < record->code_count; i++)
		any |= record->codes[i] == 354;
	if (any)
		hold(CLAIM_OCTETS,
		    judged.base.mail && judged.base.rcpts > 0 &&
			!judged.base.refused,
		    "a message without a sender or a recipient");
}

static void
judge_envelope(void)
{
	struct mailin_mail mail;
	struct mailin_helo helo;
	const struct model *model = &world.model;
	bool has_mail = mailin_session_mail(world.session, &mail);
	size_t rcpts = mailin_session_rcpt_count(world.session);
	enum mailin_verb verb = mailin_session_helo(world.session, &helo);

	hold(CLAIM_ENVELOPE, rcpts == 0 || has_mail,
	    "a recipient without a sender");
	hold(CLAIM_ENVELOPE, !has_mail || verb != MAILIN_VERB_UNKNOWN,
	    "a sender without HELO");
	if (model->open || model->phase == PHASE_CLOSED)
		return;
	hold(CLAIM_ENVELOPE,
	    has_mail == (model->mail != 0) && rcpts == model->rcpts,
	    "another envelope than was accepted");
	hold(CLAIM_ENVELOPE, verb == (enum mailin_verb)model->helo,
	    "another HELO than was accepted");
}

static void
judge_ends(void)
{
	const struct record *record = &outcome.record;
	unsigned i,
	    ends = judge_count(record, ON_RESET) +
	    judge_count(record, ON_DELIVERED);

	if (judged.event->verb == MAILIN_VERB_MAIL && !judged.is_open &&
	    judged.event->act == ACT_FEED && judged.record.code_count > 0 &&
	    judged.record.codes[0] == 250) {
		hold(CLAIM_ENDS, !world.is_live, "a transaction in another");
		world.is_live = 1;
	}
	for (i = 0; i < ends; i++) {
		hold(CLAIM_ENDS, world.is_live,
		    "a transaction ends that has ended, or none began");
		world.is_live = 0;
	}
	if (judge_count(record, ON_CLOSE) > 0)
		hold(CLAIM_ENDS, !world.is_live,
		    "a transaction has no end when the session closes");
	if (!judged.is_open && !world.model.mail)
		hold(CLAIM_ENDS, !world.is_live,
		    "a transaction is gone without an end");
	if (judge_count(record, ON_DELIVERED) > 0)
		hold(CLAIM_ACCEPTED, count_yes(ON_DATA_END) > 0,
		    "delivered, and nobody took the message");
	if (judge_count(record, ON_RESET) > 0)
		hold(CLAIM_ACCEPTED, count_yes(ON_DATA_END) == 0,
		    "reset, but the handler has the message");
}

/* 250 to the end of a message means that the handler has it (RFC 5321 6.1). */
static void
judge_accepted(void)
{
	bool ends = judged.base.phase == PHASE_DATA ?
	    (judged.event->has & IS_END) != 0 :
	    (judged.event->has & HAS_LAST) != 0 || judged.base.last;
	unsigned i, told = 0;

	if (!ends || judged.is_open || judged.event->act != ACT_FEED)
		return;
	for (i = 0; i < judged.record.code_count; i++)
		told += judged.record.codes[i] / 100 == 2;
	hold(CLAIM_ACCEPTED, told == count_yes(ON_DATA_END),
	    "the client is told another thing than the handler said");
}

/* ---- All claims ---------------------------------------------------------- */

void
judge(const struct setup *setup, const struct event *event,
    const struct key *before)
{
	memset(&judged, 0, sizeof judged);
	judged.setup = setup;
	judged.before = before;
	prepare(event);
	advance();
	if (!judged.is_open)
		hold(CLAIM_CALLS, !judged.expected.wrong_calls,
		    "the handler is not asked as it should be");
	key_take(&judged.after, setup);
	judge_state();
	judge_replies();
	judge_octets();
	judge_envelope();
	judge_ends();
	judge_accepted();
	judge_forgotten();
	judge_rights();
}
