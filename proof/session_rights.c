/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_judge.h"

/* Checks AUTH, the offers of EHLO, the counters, misuse and the end. */

static bool
is_auth_in_clear(void)
{
	return !judged.base.tls && judged.setup->tls != MAILIN_TLS_OPTIONAL;
}

static void
judge_auth(void)
{
	const struct record *record = &outcome.record;
	bool asks = judge_count(record, ON_AUTH) > 0 ||
	    judge_count(record, ON_SASL) > 0;
	bool agreed = false;
	unsigned i;

	for (i = 0; i < record->code_count; i++) {
		asks |= record->codes[i] == 334;
		agreed |= record->codes[i] == 235;
	}
	if (asks || agreed)
		hold(CLAIM_AUTH,
		    !is_auth_in_clear() && !judged.base.mail &&
			!judged.base.identity && judged.base.helo != 0 &&
			judged.setup->auth != MAILIN_AUTH_OFF,
		    "AUTH where it is not allowed");
	if (!judged.is_open && world.model.phase != PHASE_CLOSED)
		hold(CLAIM_AUTH,
		    (mailin_session_identity(world.session).ptr != NULL) ==
			(world.model.identity != 0),
		    "an identity that nobody agreed to, or that is lost");
}

/* Clear the members that AUTH may change, so that the rest can be compared. */
static void
forget_auth(struct key *key)
{
	memset(&key->model, 0, sizeof key->model);
	key->state = key->checks = key->has_identity = 0;
	key->mechanism = key->steps = key->has_username = 0;
	key->is_failing = key->failure = key->secret = 0;
	key->line_len = 0;
	key->counter = 0;
}

/* RFC 4954 4: in an exchange no line is a command. */
static void
judge_wait(void)
{
	const struct record *record = &outcome.record;
	struct key before = *judged.before, after = judged.after;
	unsigned i;

	if (judged.base.phase != PHASE_AUTH || judged.event->act != ACT_FEED ||
	    judged.was_open)
		return;
	for (i = 0; i < record->call_count; i++)
		hold(CLAIM_WAIT,
		    record->calls[i].on == ON_AUTH ||
			record->calls[i].on == ON_SASL ||
			record->calls[i].on == ON_CLOSE,
		    "a response is run as a command");
	if (judged.is_open || world.model.phase == PHASE_CLOSED)
		return;
	hold(CLAIM_WAIT,
	    (key_state() == STATE_AUTH) ==
		(record->code_count == 1 && record->codes[0] == 334),
	    "the exchange goes on without a challenge");
	hold(CLAIM_WAIT,
	    judged.event->detail != DETAIL_CANCEL ||
		world.model.phase == PHASE_READY,
	    "* does not cancel");
	forget_auth(&before);
	forget_auth(&after);
	hold(CLAIM_WAIT, key_equal(&before, &after),
	    "it changes more than who the client is");
}

/* The reply to EHLO lists exactly the extensions that are offered. */
static void
judge_offer(void)
{
	const struct model *model = &judged.base;
	uint32_t want = 0;
	int i;

	if ((judged.event->verb != MAILIN_VERB_EHLO &&
		judged.event->verb != MAILIN_VERB_LHLO) ||
	    judged.event->act != ACT_FEED || judged.is_open ||
	    judged.record.code_count == 0 || judged.record.codes[0] != 250)
		return;
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		if (model_offers(judged.setup, model, (enum mailin_extension)i))
			want |= UINT32_C(1) << i;
	/* If there is no certificate, no mechanism needs one. */
	if (judged.setup->auth != MAILIN_AUTH_OFF && !is_auth_in_clear() &&
	    !model->identity)
		want |= MAILIN_BIT_AUTH;
	hold(CLAIM_OFFER, judged.record.offered == want,
	    "EHLO offers other extensions than are on");
}

static void
judge_counters(void)
{
	if (!judged.setup->limited || judged.is_open ||
	    world.model.phase == PHASE_CLOSED)
		return;
	hold(CLAIM_COUNTERS, judged.after.counter == world.model.counter,
	    "a counter that is not what the client did");
	/* The session does not end before the end of a refused message. */
	hold(CLAIM_COUNTERS,
	    judged.after.counter <= LIMIT || world.model.refused != 0,
	    "a counter over its limit, and the session goes on");
}

static void
judge_misuse(void)
{
	bool had_no_effect = key_equal(judged.before, &judged.after) &&
	    outcome.record.call_count == 0 && outcome.record.code_count == 0;

	if (judged.resumes) {
		hold(CLAIM_MISUSE, outcome.error == MAILIN_OK,
		    "a decision cannot be made");
		return;
	}
	if (judged.event->act != ACT_FEED)
		hold(CLAIM_MISUSE, outcome.error == judged.expected.error,
		    mailin_error_text(outcome.error));
	if (outcome.error != MAILIN_OK)
		hold(CLAIM_MISUSE, had_no_effect,
		    "a call that fails has an effect");
	if (judged.expected.takes_nothing)
		hold(CLAIM_MISUSE,
		    outcome.used == 0 && outcome.record.call_count == 0 &&
			outcome.record.code_count == 0,
		    "octets are taken that must be left");
}

static void
judge_closed(void)
{
	unsigned closes = judge_count(&outcome.record, ON_CLOSE);

	world.closes = (uint8_t)(world.closes + closes);
	if (closes > 0)
		hold(CLAIM_CLOSED,
		    outcome.record.calls[outcome.record.call_count - 1].on ==
			ON_CLOSE,
		    "a call after close");
	hold(CLAIM_CLOSED, world.closes == (world.model.phase == PHASE_CLOSED),
	    "close is not called once");
	if (judged.base.phase == PHASE_CLOSED && !judged.was_open)
		hold(CLAIM_CLOSED,
		    outcome.used == 0 && outcome.record.call_count == 0 &&
			outcome.record.code_count == 0,
		    "a session that is closed goes on");
}

void
judge_rights(void)
{
	judge_auth();
	judge_wait();
	judge_offer();
	judge_counters();
	judge_misuse();
	judge_closed();
}

void
judge_free(void)
{
	unsigned closes;

	world_clear_outcome();
	mailin_session_free(world.session);
	closes = world.closes + judge_count(&outcome.record, ON_CLOSE);
	hold(CLAIM_FREE, world.blocks == 0, "memory is not freed");
	hold(CLAIM_FREE, closes == 1, "close is not called once");
	hold(CLAIM_FREE,
	    world.is_live ==
		judge_count(&outcome.record, ON_RESET) +
		    judge_count(&outcome.record, ON_DELIVERED),
	    "a transaction does not end in one call");
}
