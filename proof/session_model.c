/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session.h"

/* The observer: what each event must lead to, by the RFCs and the headers.  It
 * sees what the client sent, which callbacks were called, and what they
 * returned.  It knows neither the library's table nor its memory. */

enum verdict
model_take(struct reader *reader, enum on on)
{
	const struct record *record = reader->record;

	if (reader->at < record->call_count &&
	    record->calls[reader->at].on == on)
		return (enum verdict)record->calls[reader->at++].verdict;
	reader->expected->wrong_calls = true;
	return VERDICT_NO;
}

bool
model_next_is(const struct reader *reader, enum on on)
{
	return reader->at < reader->record->call_count &&
	    reader->record->calls[reader->at].on == on;
}

unsigned
model_code(enum verdict verdict, unsigned yes)
{
	switch (verdict) {
	case VERDICT_YES:
		return yes;
	case VERDICT_NO:
		return 550;
	case VERDICT_LATER:
		return 450;
	case VERDICT_CLOSE:
		return 421;
	case VERDICT_CHALLENGE:
		return 334;
	default:
		return 451;
	}
}

/* End the transaction: expect exactly one call of reset or delivered, and
 * forget everything about the transaction. */
void
model_end(struct reader *reader, bool delivered)
{
	struct model *model = &reader->expected->after;

	if (model->mail && !model->ended)
		(void)model_take(reader, delivered ? ON_DELIVERED : ON_RESET);
	model->mail = model->rcpts = model->binary = model->utf8 = 0;
	model->rcpt_refused = model->ended = model->held = 0;
	model->in_chunk = model->chunk = model->last = 0;
	model->forwarded = 0;
	model->refused = model->stray = 0;
}

void
model_close(struct reader *reader)
{
	struct model *model = &reader->expected->after;
	bool accepted = false;
	unsigned i;

	/* The handler has accepted the message for one recipient. */
	for (i = 0; i < reader->at; i++)
		accepted |= reader->record->calls[i].on == ON_DATA_END &&
		    reader->record->calls[i].verdict == VERDICT_YES;
	model_end(reader, accepted);
	(void)model_take(reader, ON_CLOSE);
	memset(model, 0, sizeof *model);
	model->phase = PHASE_CLOSED;
}

void
model_reply(struct reader *reader, unsigned code)
{
	struct expected *expected = reader->expected;
	bool waits = reader->waits || code == 354 || code == 334;
	bool is_early = expected->after.early && waits && !reader->setup->allow;

	expected->codes[expected->code_count++ % 8] = (uint16_t)code;
	expected->after.early = 0;
	if (is_early && code != 421)
		expected->codes[expected->code_count++ % 8] = 554;
	if (is_early || code == 421)
		model_close(reader);
}

/* Call this for each event that the limit counts.  If the setup has this limit,
 * add 1 to the counter.  Returns true if the counter exceeds the limit, which
 * ends the session. */
bool
model_is_over(struct reader *reader, enum mailin_limit limit)
{
	struct model *model = &reader->expected->after;

	if (!reader->setup->limited || reader->setup->limit != limit)
		return false;
	if (++model->counter <= LIMIT)
		return false;
	model_reply(reader, 421);
	return true;
}

void
model_error(struct reader *reader, unsigned code)
{
	if (code / 100 == 5 && model_is_over(reader, MAILIN_LIMIT_ERRORS))
		return;
	model_reply(reader, code);
}

/* ---- The start ----------------------------------------------------------- */

static void
open_session(struct reader *reader)
{
	struct model *model = &reader->expected->after;
	unsigned code = model_code(model_take(reader, ON_CONNECT), 220);

	reader->waits = true;
	if (code == 220)
		model->phase = PHASE_START;
	else if (code == 550)
		model->phase = PHASE_REFUSED;
	else
		code = 421; /* the only 4xx of a greeting (RFC 5321 3.1) */
	model_reply(reader, code);
}

static void
header(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	bool is_first = model->phase == PHASE_PROXY;

	if (event->form == FORM_BAD) {
		model_close(reader);
		return;
	}
	model->proxied = 1;
	if (event->detail != DETAIL_V2_LOCAL) {
		model->withdrawn = model->trusted;
		model->trusted = 0;
	}
	if (event->detail == DETAIL_V2_TLS && is_first)
		model->tls = 1;
	model->phase = is_first ? PHASE_NEW : PHASE_TLS_FIRST;
	if (is_first)
		open_session(reader);
}

/* ---- Octets of any kind -------------------------------------------------- */

static void
feed(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;

	switch ((enum phase)model->phase) {
	case PHASE_PROXY:
	case PHASE_PROXY_TLS:
		header(reader, event);
		break;
	case PHASE_TLS: /* octets injected in clear (CVE-2011-0411) */
		model_close(reader);
		break;
	case PHASE_TLS_FIRST:
	case PHASE_CLOSED:
		reader->expected->takes_nothing = true;
		break;
	case PHASE_AUTH:
		model_response(reader, event);
		break;
	case PHASE_DATA:
		model_octets(reader, event);
		break;
	default:
		if (model->in_chunk)
			model_chunk(reader, event);
		else
			model_command(reader, event);
		break;
	}
}

/* Carry out what had to wait while a decision was pending: the end of the
 * input, and mailin_session_shutdown(). */
static void
finish(struct reader *reader)
{
	struct model *model = &reader->expected->after;

	if (model->phase == PHASE_CLOSED)
		return;
	if (model->eof)
		model_close(reader);
	else if (model->stopping && !model->mail && !model->in_chunk) {
		bool is_mute = model->phase == PHASE_PROXY ||
		    model->phase == PHASE_PROXY_TLS ||
		    model->phase == PHASE_TLS_FIRST ||
		    model->phase == PHASE_TLS;

		struct expected *expected = reader->expected;

		/* The 421 replaces a 220 that was not shown. */
		if (model->phase == PHASE_TLS && expected->code_count > 0)
			expected->codes[expected->code_count - 1] = 421;
		if (is_mute)
			model_close(reader);
		else
			model_reply(reader, 421);
	}
}

/* ---- Calls of the program ------------------------------------------------ */

static bool
is_unopened(const struct model *model)
{
	return model->phase <= PHASE_TLS_FIRST && !model->open;
}

static enum mailin_error
start_tls(struct model *model)
{
	bool may = !model->open && !model->tls &&
	    (model->phase == PHASE_NEW || model->phase == PHASE_PROXY ||
		model->phase == PHASE_TLS_FIRST || model->phase == PHASE_TLS);

	if (!may)
		return MAILIN_ERROR_STATE;
	model->tls = 1;
	model->helo = model->identity = model->told = 0;
	if (model->phase == PHASE_TLS_FIRST)
		model->phase = PHASE_NEW;
	else if (model->phase == PHASE_TLS)
		model->phase = PHASE_START;
	return MAILIN_OK;
}

static enum mailin_error
expect_first(struct model *model, bool header_expected)
{
	bool has_come = header_expected ? model->proxied : model->tls;

	if (!is_unopened(model) || has_come)
		return MAILIN_ERROR_STATE;
	if (header_expected)
		model->phase = model->phase == PHASE_NEW ||
			model->phase == PHASE_PROXY ?
		    PHASE_PROXY :
		    PHASE_PROXY_TLS;
	else
		model->phase = model->phase == PHASE_NEW ||
			model->phase == PHASE_TLS_FIRST ?
		    PHASE_TLS_FIRST :
		    PHASE_PROXY_TLS;
	return MAILIN_OK;
}

static void
time_out(struct reader *reader)
{
	struct model *model = &reader->expected->after;

	if (model->open)
		reader->expected->error = MAILIN_ERROR_STATE;
	else if (model->phase == PHASE_PROXY ||
	    model->phase == PHASE_PROXY_TLS ||
	    model->phase == PHASE_TLS_FIRST || model->phase == PHASE_TLS)
		model_close(reader);
	else if (model->phase != PHASE_CLOSED)
		model_reply(reader, 421);
}

static void
call(struct reader *reader, const struct event *event)
{
	struct expected *expected = reader->expected;
	struct model *model = &expected->after;

	switch (event->act) {
	case ACT_EOF:
		model->eof = model->phase != PHASE_CLOSED;
		break;
	case ACT_SHUTDOWN:
		model->stopping = model->phase != PHASE_CLOSED;
		break;
	case ACT_TIMED_OUT:
		time_out(reader);
		break;
	case ACT_ABORT:
		if (model->phase != PHASE_CLOSED)
			model_close(reader);
		break;
	case ACT_TLS_FAILED:
		if (model->phase == PHASE_TLS ||
		    model->phase == PHASE_TLS_FIRST)
			model_close(reader);
		else
			expected->error = MAILIN_ERROR_STATE;
		break;
	case ACT_TLS:
		expected->error = start_tls(model);
		break;
	case ACT_EXPECT_PROXY:
	case ACT_EXPECT_TLS:
		expected->error = expect_first(model,
		    event->act == ACT_EXPECT_PROXY);
		break;
	case ACT_SET_PEER:
	case ACT_SET_EXTENSION:
		expected->error = MAILIN_ERROR_STATE;
		break;
	case ACT_STALE:
		expected->error = MAILIN_ERROR_STALE;
		break;
	case ACT_LOOK:
		open_session(reader);
		break;
	default:
		break;
	}
}

/* Octets that come while a decision is pending are not read, but recorded.
 * Before the greeting they end the session. */
static void
come_early(struct reader *reader)
{
	struct model *model = &reader->expected->after;
	const struct record *so_far = &model->so_far;

	if (model->eof) {
		reader->expected->takes_nothing = true;
		return;
	}
	if (!reader->setup->allow &&
	    so_far->calls[so_far->call_count - 1].on == ON_CONNECT) {
		model_reply(reader, 554);
		model_close(reader);
		return;
	}
	model->early = 1;
	reader->expected->takes_nothing = true;
}

void
model_expect(const struct setup *setup, const struct model *before,
    const struct event *event, const struct record *record,
    struct expected *expected)
{
	struct reader reader = { .record = record,
		.expected = expected,
		.setup = setup };

	memset(expected, 0, sizeof *expected);
	expected->after = *before;
	if (event->act != ACT_FEED) {
		/* Skip the calls of the handler that earlier events have made
		 * for the same command or message. */
		if (before->open)
			reader.at = before->so_far.call_count;
		call(&reader, event);
	} else if (before->open) {
		reader.at = before->so_far.call_count;
		come_early(&reader);
	} else {
		feed(&reader, event);
	}
	if (!expected->after.open)
		finish(&reader);
	if (reader.at < record->call_count)
		expected->wrong_calls = true;
}
