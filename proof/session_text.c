/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session.h"

/* The observer's rules for the octets of a message: DATA, BDAT and BURL. */

/* Expect that octets go to the handler in one or more calls.  Returns false if
 * the handler refuses the octets, and so the message. */
static bool
hand_on(struct reader *reader, enum on on)
{
	struct model *model = &reader->expected->after;
	enum verdict verdict = VERDICT_YES;

	while (verdict == VERDICT_YES && model_next_is(reader, on))
		verdict = model_take(reader, on);
	if (verdict == VERDICT_YES)
		return true;
	model->refused = (uint16_t)model_code(verdict, 250);
	(void)model_take(reader, ON_RESET);
	model->ended = 1;
	if (model->phase == PHASE_CHUNKS)
		model->phase = PHASE_FAILED;
	return false;
}

/* The library refuses a bare newline, which is an error of the client. */
static void
refuse_bare(struct reader *reader)
{
	struct model *model = &reader->expected->after;

	if (reader->setup->limited &&
	    reader->setup->limit == MAILIN_LIMIT_ERRORS)
		model->counter++;
	model->refused = 550;
	(void)model_take(reader, ON_RESET);
	model->ended = 1;
	if (model->phase == PHASE_CHUNKS)
		model->phase = PHASE_FAILED;
}

/* Call this after the message.  Returns true if the client has made too many
 * errors. */
static bool
has_too_many_errors(struct reader *reader)
{
	struct model *model = &reader->expected->after;

	if (!reader->setup->limited ||
	    reader->setup->limit != MAILIN_LIMIT_ERRORS ||
	    model->counter <= LIMIT)
		return false;
	model_reply(reader, 421);
	return true;
}

static bool
is_reset_by_acceptance(const struct setup *setup)
{
	return setup->limited &&
	    (setup->limit == MAILIN_LIMIT_ERRORS ||
		setup->limit == MAILIN_LIMIT_JUNK ||
		setup->limit == MAILIN_LIMIT_REFUSED_RECIPIENTS);
}

static void
end_message(struct reader *reader)
{
	struct expected *expected = reader->expected;
	struct model *model = &expected->after;
	unsigned i, count = reader->setup->lmtp ? model->rcpts : 1;
	bool accepted = false, closes = false;

	if (has_too_many_errors(reader))
		return;
	for (i = 0; i < count; i++) {
		unsigned code = model->refused;

		if (code == 0)
			code = model_code(model_take(reader, ON_DATA_END), 250);
		accepted |= code == 250;
		closes |= code == 421;
		expected->codes[expected->code_count++] = (uint16_t)code;
	}
	model->early = 0;
	if (accepted && is_reset_by_acceptance(reader->setup))
		model->counter = 0;
	model_end(reader, accepted);
	model->phase = PHASE_READY;
	if (closes)
		model_close(reader);
}

static void
end_chunk(struct reader *reader, bool is_burl)
{
	struct model *model = &reader->expected->after;
	unsigned stray = model->stray;
	bool is_last = model->last;

	model->in_chunk = model->last = 0;
	model->stray = 0;
	if (stray != 0) {
		model_error(reader, stray);
		return;
	}
	if ((is_last || is_burl) && model->held && model->refused == 0) {
		model->held = 0;
		/* The octets end in a CR, which is bare. */
		if (reader->setup->reject && !model->binary)
			refuse_bare(reader);
		else
			(void)hand_on(reader, ON_DATA);
	}
	if (is_burl && model->refused == 0)
		(void)hand_on(reader, ON_BURL);
	if (is_last)
		end_message(reader);
	else if (model->refused != 0) {
		if (!has_too_many_errors(reader))
			model_reply(reader, model->refused);
	} else {
		model_reply(reader, 250);
	}
}

/* Compute the expected effect of octets of a chunk. */
void
model_chunk(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	bool is_cr = event->octets.ptr[0] == '\r';
	bool is_lf = event->octets.ptr[0] == '\n';

	if (model->refused == 0 && model->stray == 0) {
		bool bare = is_lf != (model->held != 0) &&
		    (is_lf || model->held);

		if (hand_on(reader, ON_DATA)) {
			if (bare && reader->setup->reject && !model->binary)
				refuse_bare(reader);
			model->held = is_cr && model->refused == 0;
		} else {
			model->held = 0;
		}
	}
	model->chunk = (uint8_t)(model->chunk - event->size);
	if (model->chunk == 0)
		end_chunk(reader, false);
}

static void
start_chunk(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	unsigned code;

	model->in_chunk = 1;
	model->chunk = (uint8_t)event->size;
	model->last = (event->has & HAS_LAST) != 0;
	if (model->stray == 0 && model->phase == PHASE_RCPT) {
		code = model_code(model_take(reader, ON_DATA_START), 354);
		model->phase = code == 354 ? PHASE_CHUNKS : PHASE_FAILED;
		if (code != 354) {
			model->refused = (uint16_t)code;
			(void)model_take(reader, ON_RESET);
			model->ended = 1;
		}
	}
	if (model->chunk == 0)
		end_chunk(reader, event->verb == MAILIN_VERB_BURL);
}

/* Compute the expected effect of DATA, BDAT, BURL, and a line after DATA. */
void
model_octets(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	unsigned code;

	if (event->verb == MAILIN_VERB_BDAT ||
	    event->verb == MAILIN_VERB_BURL) {
		start_chunk(reader, event);
		return;
	}
	if (event->verb == MAILIN_VERB_DATA) {
		code = model_code(model_take(reader, ON_DATA_START), 354);
		if (code == 354)
			model->phase = PHASE_DATA;
		model_reply(reader, code);
		return;
	}
	if ((event->has & IS_END) != 0) {
		end_message(reader);
		return;
	}
	if (model->refused == 0 && hand_on(reader, ON_DATA) &&
	    (event->has & IS_BARE) != 0 && reader->setup->reject)
		refuse_bare(reader);
}
