/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session.h"

/* The observer's rules for AUTH (RFC 4954 4, RFC 7628 3.2.3). */

#define STEPS 32 /* the most steps of the program's mechanism (handler.h) */

static void
fail(struct reader *reader, unsigned code)
{
	struct model *model = &reader->expected->after;

	model->phase = PHASE_READY;
	model->mechanism = model->steps = model->username = 0;
	model->failing = 0;
	if (!model_is_over(reader, MAILIN_LIMIT_AUTH_FAILURES))
		model_reply(reader, code);
}

/* An error in a response counts like any other error. */
static void
spoil(struct reader *reader, unsigned code)
{
	struct model *model = &reader->expected->after;

	if (model->failing) {
		fail(reader, 550);
		return;
	}
	model->phase = PHASE_READY;
	model->mechanism = model->steps = model->username = 0;
	model_error(reader, code);
}

static void
decide(struct reader *reader, enum on on)
{
	struct model *model = &reader->expected->after;
	unsigned code = model_code(model_take(reader, on), 235);

	if (code == 334) {
		model->phase = PHASE_AUTH;
		model_reply(reader, 334);
	} else if (code == 235) {
		model->identity = 1;
		model->phase = PHASE_READY;
		model->mechanism = model->steps = model->username = 0;
		model_reply(reader, 235);
	} else if (code == 550 && model->mechanism == DETAIL_OAUTH) {
		/* The reason for the failure is sent as a challenge first (RFC
		 * 7628 3.2.3). */
		model->phase = PHASE_AUTH;
		model->failing = 1;
		model_reply(reader, 334);
	} else {
		fail(reader, code);
	}
}

static void
step(struct reader *reader)
{
	if (++reader->expected->after.steps > STEPS)
		spoil(reader, 501);
	else
		decide(reader, ON_SASL);
}

void
model_auth(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	bool clear = !model->tls && reader->setup->tls != MAILIN_TLS_OPTIONAL;

	if (event->detail == DETAIL_NO_MECHANISM)
		model_error(reader, 504);
	else if (clear || event->detail == DETAIL_EXTERNAL)
		model_error(reader, model->tls ? 504 : 538);
	else {
		model->mechanism = (uint8_t)event->detail;
		if (event->detail == DETAIL_OWN) {
			step(reader);
		} else if ((event->has & HAS_INITIAL) != 0) {
			decide(reader, ON_AUTH);
		} else {
			model->phase = PHASE_AUTH;
			model_reply(reader, 334);
		}
	}
}

void
model_response(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	bool is_name = event->detail == DETAIL_WORD;

	if (model->failing)
		fail(reader, 550);
	else if (event->detail == DETAIL_CANCEL ||
	    event->detail == DETAIL_NO_BASE64)
		spoil(reader, 501);
	else if (model->mechanism == DETAIL_OWN)
		step(reader);
	else if (model->mechanism == DETAIL_LOGIN && model->username == 0) {
		model->username = is_name ? 1 : 2;
		model_reply(reader, 334);
	} else if (model->mechanism == DETAIL_LOGIN ?
		model->username == 1 && event->detail != DETAIL_CREDENTIALS :
		event->detail == DETAIL_CREDENTIALS)
		decide(reader, ON_AUTH);
	else
		spoil(reader, 501);
}
