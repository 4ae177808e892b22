/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_judge.h"

/* Decides whether an event can be tried in a state.  Tries an event with a
 * later decision, and with a second line in the same piece of input. */

static unsigned
where(const struct model *model)
{
	if (model->open)
		return IN_OPEN;
	switch ((enum phase)model->phase) {
	case PHASE_CLOSED:
		return IN_CLOSED;
	case PHASE_NEW:
		return IN_NEW;
	case PHASE_PROXY:
	case PHASE_PROXY_TLS:
		return IN_PROXY;
	case PHASE_TLS:
	case PHASE_TLS_FIRST:
		return IN_TLS;
	case PHASE_AUTH:
		return IN_AUTH;
	case PHASE_DATA:
		return IN_DATA;
	default:
		return model->in_chunk ? IN_CHUNK :
		    model->half        ? IN_HALF :
					 IN_COMMAND;
	}
}

/* Returns true for events that are left out if only a few are tried. */
static bool
is_rare(const struct event *event)
{
	return (event->has &
		   (HAS_SMTP8 | HAS_BINARY | HAS_UNKNOWN | HAS_UTF8)) != 0 ||
	    event->act == ACT_SHUTDOWN;
}

bool
ways_is_tried(const struct setup *setup, const struct event *event)
{
	const struct model *model = &world.model;
	bool is_unopened = model->phase <= PHASE_TLS_FIRST;

	if ((event->in & where(model)) == 0 || (choices.few && is_rare(event)))
		return false;
	switch (event->act) {
	case ACT_TLS:
	case ACT_EXPECT_TLS:
		return setup->first_tls || !is_unopened;
	case ACT_EXPECT_PROXY:
		return setup->proxy || !is_unopened;
	case ACT_RESUME:
		return (event->which == 0 || world.token_count > 1) &&
		    (event->verdict != VERDICT_CHALLENGE || world.sasl);
	case ACT_FEED:
		return (event->in & IN_CHUNK) == 0 ||
		    event->size <= model->chunk;
	default:
		return true;
	}
}

/* ---- Later decisions ----------------------------------------------------- */

/* The facts that must be the same for each way to try an event. */
struct result {
	struct key key;
	struct outcome outcome;
};

static void
take_result(struct result *result, const struct setup *setup)
{
	unsigned i;

	key_take(&result->key, setup);
	memset(&result->key.model, 0, sizeof result->key.model);
	memcpy(&result->outcome, &outcome, sizeof outcome);
	/* Whether a decision was PENDING must make no difference. */
	for (i = 0; i < result->outcome.record.call_count; i++)
		result->outcome.record.calls[i].verdict = 0;
}

static bool
is_same(const struct result *a, const struct result *b)
{
	return key_equal(&a->key, &b->key) &&
	    a->outcome.used == b->outcome.used &&
	    a->outcome.handed_on == b->outcome.handed_on &&
	    a->outcome.len == b->outcome.len &&
	    memcmp(a->outcome.text, b->outcome.text, a->outcome.len) == 0 &&
	    memcmp(&a->outcome.record, &b->outcome.record,
		sizeof a->outcome.record) == 0;
}

/* Resume all pending decisions, the last one (number made - 1) first.  The
 * replies must still come in order. */
static void
resume_all(const uint8_t *verdicts)
{
	unsigned i, number = choices.made, count = world.token_count;

	for (i = 0; i < count; i++)
		(void)world_resume(1,
		    (enum verdict)verdicts[(number - 1 - i) % MOST_CHOICES]);
}

static void
run_later(const struct event *event, const uint8_t *verdicts)
{
	size_t used, len = event->octets.len;

	world_clear_outcome();
	choices.all_wait = true;
	if (event->act == ACT_LOOK)
		world_drain();
	else
		world_feed(event->octets.ptr, len);
	while (world.token_count > 0) {
		resume_all(verdicts);
		used = outcome.used;
		if (event->act == ACT_FEED && used < len)
			world_feed(event->octets.ptr + used, len - used);
	}
	choices.all_wait = false;
	world_drain();
}

static void
try_later(const struct setup *setup, const struct world *from,
    const struct event *event)
{
	static struct result once, later;
	struct choices kept;

	choices.given = 0;
	do {
		world_restore(from);
		choices.may_wait = false;
		world_run(event);
		if (choices.made == 0)
			return;
		take_result(&once, setup);
		kept = choices;
		world_restore(from);
		run_later(event, kept.verdicts);
		take_result(&later, setup);
		hold(CLAIM_LATER, is_same(&once, &later),
		    "it is not the same if it is decided later");
		choices = kept;
	} while (choices_next());
}

/* ---- Two events in one piece of input ------------------------------------ */

#define LINES_ROOM 1024

static size_t
join(char *room, const struct event *first, const struct event *second)
{
	memcpy(room, first->octets.ptr, first->octets.len);
	memcpy(room + first->octets.len, second->octets.ptr,
	    second->octets.len);
	return first->octets.len + second->octets.len;
}

static void
set_first(enum verdict verdict)
{
	choices.given = 1;
	choices.verdicts[0] = (uint8_t)verdict;
	choices.may_wait = false;
}

/* Run one event after the other.  The replies to the first one are read before
 * the second one begins. */
static void
run_in_turn(const struct event *first, const struct event *second)
{
	world_clear_outcome();
	world_feed(first->octets.ptr, first->octets.len);
	world_drain();
	if (outcome.used == first->octets.len)
		world_feed(second->octets.ptr, second->octets.len);
	world_drain();
}

static void
run_together(const struct event *first, const struct event *second)
{
	char room[LINES_ROOM];
	size_t len = join(room, first, second);

	world_clear_outcome();
	world_feed(room, len);
	world_drain();
}

static void
try_pair(const struct setup *setup, const struct world *from,
    const struct event *first, const struct event *second, enum verdict verdict)
{
	static struct result in_turn, together;

	set_first(verdict);
	world_restore(from);
	run_in_turn(first, second);
	take_result(&in_turn, setup);
	world_restore(from);
	run_together(first, second);
	take_result(&together, setup);
	hold(CLAIM_PIPELINED, is_same(&in_turn, &together), second->name);
}

/* Check that input that comes too early is not read.  The client sends more
 * before it has the reply for which it must wait.  If "together" is true, the
 * octets come in one piece with the command.  Otherwise they come after the
 * command, before the reply to it is sent. */
static void
try_early(const struct world *from, const struct event *first,
    enum verdict verdict, bool together)
{
	static const struct event talk = {
		.octets = { "RSET\r\nMAIL FROM:<x@y>\r\n", 23 }
	};
	struct record alone, early;
	bool starts_tls = first->verb == MAILIN_VERB_STARTTLS;
	unsigned codes;

	set_first(verdict);
	world_restore(from);
	world_run(first);
	if (key_state() == STATE_CLOSED)
		return;
	alone = outcome.record;
	codes = alone.code_count;
	world_restore(from);
	world_clear_outcome();
	if (first->act == ACT_LOOK)
		world_feed(talk.octets.ptr, talk.octets.len);
	else if (together)
		run_together(first, &talk);
	else {
		world_feed(first->octets.ptr, first->octets.len);
		world_feed(talk.octets.ptr, talk.octets.len);
	}
	world_drain();
	early = outcome.record;
	/* The 554 replaces a 220 that was not sent. */
	codes -= starts_tls && alone.codes[0] == 220;
	hold(CLAIM_EARLY,
	    key_state() == STATE_CLOSED &&
		outcome.used ==
		    (first->act == ACT_LOOK ? 0 : first->octets.len) &&
		early.code_count == codes + 1 && early.codes[codes] == 554 &&
		memcmp(early.codes, alone.codes, codes * sizeof *early.codes) ==
		    0 &&
		judge_count(&early, ON_MAIL) == judge_count(&alone, ON_MAIL),
	    "what came too early was read");
}

/* Returns true if the event is tried as the second of two events in one piece.
 * There is one such event of each kind: a greeting, and events that begin,
 * continue or end a transaction, or begin or end a message. */
static bool
is_second(const struct event *event)
{
	switch (event->verb) {
	case MAILIN_VERB_MAIL:
	case MAILIN_VERB_RSET:
	case MAILIN_VERB_RCPT:
	case MAILIN_VERB_DATA:
	case MAILIN_VERB_EHLO:
		return event->form == FORM_GOOD && event->has == 0 &&
		    event->in == IN_COMMAND;
	case MAILIN_VERB_BDAT:
		return event->has == HAS_LAST && event->size == 0;
	default:
		return false;
	}
}

/* Returns true if the client must wait for the reply to this event: the reply
 * is 354 or 334, or the command is the last one of a pipelined group. */
static bool
must_wait(const struct world *from, const struct event *event,
    enum verdict verdict)
{
	unsigned last;

	set_first(verdict);
	world_restore(from);
	world_run(event);
	last = outcome.record.code_count;
	last = last > 0 ? outcome.record.codes[last - 1] : 0;
	return event->act == ACT_LOOK || last == 334 || last == 354 ||
	    (model_is_last(event) && (event->in & IN_COMMAND) != 0);
}

static void
try_second(const struct setup *setup, const struct world *from,
    const struct event *event, enum verdict verdict)
{
	bool starts_tls = event->verb == MAILIN_VERB_STARTTLS;
	const struct event *second;

	if (must_wait(from, event, verdict) && !setup->allow) {
		try_early(from, event, verdict, true);
		try_early(from, event, verdict, false);
		return;
	}
	if (event->act == ACT_LOOK || starts_tls || event->form != FORM_GOOD ||
	    from->model.stopping || verdict != VERDICT_YES)
		return;
	for (second = events; second < events + events_count; second++)
		if (is_second(second))
			try_pair(setup, from, event, second, verdict);
}

void
ways_try(const struct setup *setup, const struct world *from,
    const struct event *event)
{
	bool is_line = (event->in & (IN_COMMAND | IN_AUTH)) != 0 &&
	    event->form != FORM_HALF && event->octets.len < LINES_ROOM / 2;

	if ((event->act != ACT_FEED && event->act != ACT_LOOK) ||
	    from->model.open || from->model.phase == PHASE_CLOSED)
		return;
	try_later(setup, from, event);
	if (event->act != ACT_LOOK && !is_line)
		return;
	try_second(setup, from, event, VERDICT_YES);
	try_second(setup, from, event, VERDICT_NO);
}
