/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session.h"

/* The observer's rules for the result of a command that is allowed. */

/* Expect that the command calls the handler and sends a reply, and has no other
 * effect. */
static void
ask(struct reader *reader, enum on on, unsigned yes)
{
	model_reply(reader, model_code(model_take(reader, on), yes));
}

static void
greet(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	unsigned code = model_code(model_take(reader, ON_HELO), 250);

	if (code == 250) {
		model_end(reader, false);
		model->helo = (uint8_t)event->verb;
		model->phase = PHASE_READY;
	}
	model_reply(reader, code);
}

/* Returns true if the handler's reply to an unknown parameter refuses it. */
static bool
is_parameter_refused(struct reader *reader, const struct event *event,
    unsigned *code)
{
	*code = 250;
	if ((event->has & HAS_UNKNOWN) != 0 && !reader->setup->no_own)
		*code = model_code(model_take(reader, ON_PARAMETER), 250);
	return *code != 250;
}

static bool
is_parameter_unknown(const struct reader *reader, const struct event *event)
{
	return (event->has & HAS_UNKNOWN) != 0 && reader->setup->no_own &&
	    !reader->setup->ignore;
}

static void
begin_mail(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	unsigned code;

	if (((event->has & (HAS_SMTP8 | HAS_BINARY)) != 0 &&
		reader->setup->no_extensions) ||
	    is_parameter_unknown(reader, event)) {
		model_error(reader, 555);
		return;
	}
	if (reader->setup->limited &&
	    reader->setup->limit == MAILIN_LIMIT_TRANSACTIONS &&
	    model->counter == LIMIT) {
		model_reply(reader, 421);
		return;
	}
	if (!is_parameter_refused(reader, event, &code))
		code = model_code(model_take(reader, ON_MAIL), 250);
	if (code == 250) {
		if (reader->setup->limited &&
		    reader->setup->limit == MAILIN_LIMIT_TRANSACTIONS)
			model->counter++;
		model->phase = PHASE_MAIL;
		model->mail = 1;
		model->utf8 = (event->has & HAS_SMTP8) != 0;
		model->binary = (event->has & HAS_BINARY) != 0;
	}
	model_reply(reader, code);
}

static void
add_rcpt(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	unsigned code = 0;

	if ((event->has & HAS_UTF8) != 0 && !model->utf8)
		code = 553;
	else if (model->rcpts == RECIPIENTS)
		code = 452;
	else if (is_parameter_unknown(reader, event))
		code = 555;
	if (code != 0) {
		model->rcpt_refused |= model->phase == PHASE_MAIL;
		model_error(reader, code);
		return;
	}
	if (!is_parameter_refused(reader, event, &code))
		code = model_code(model_take(reader, ON_RCPT), 250);
	if (code == 250) {
		model->phase = PHASE_RCPT;
		model->rcpts++;
	} else {
		model->rcpt_refused |= model->phase == PHASE_MAIL;
		if (model_is_over(reader, MAILIN_LIMIT_REFUSED_RECIPIENTS))
			return;
	}
	model_reply(reader, code);
}

static void
start_tls(struct reader *reader)
{
	struct model *model = &reader->expected->after;
	unsigned code = model_code(model_take(reader, ON_STARTTLS), 220);

	if (code == 220 && model->early) {
		model->early = 0;
		model_end(reader, false);
		model_reply(reader, 554);
		model_close(reader);
		return;
	}
	if (code == 220) {
		model_end(reader, false);
		model->phase = PHASE_TLS;
	}
	model_reply(reader, code);
}

static void
tell(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	bool replaces = event->verb == MAILIN_VERB_XCLIENT;
	unsigned code = model_code(model_take(reader, ON_XCLIENT),
	    replaces ? 220 : 250);

	if (code == 250)
		model->forwarded = 1;
	if (code == 220) {
		model_end(reader, false);
		model->phase = PHASE_START;
		model->helo = 0;
		model->identity = event->detail == DETAIL_USER;
		model->told = model->withdrawn = 1;
		model->trusted = event->detail == DETAIL_TRUSTED;
	}
	model_reply(reader, code);
}

/* ---- All commands -------------------------------------------------------- */

static void
run(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;

	switch (event->verb) {
	case MAILIN_VERB_HELO:
	case MAILIN_VERB_EHLO:
	case MAILIN_VERB_LHLO:
		greet(reader, event);
		break;
	case MAILIN_VERB_MAIL:
		begin_mail(reader, event);
		break;
	case MAILIN_VERB_RCPT:
		add_rcpt(reader, event);
		break;
	case MAILIN_VERB_RSET:
		if (model->phase != PHASE_START)
			model->phase = PHASE_READY;
		model_end(reader, false);
		model_reply(reader, 250);
		break;
	case MAILIN_VERB_NOOP:
		model_reply(reader, 250);
		break;
	case MAILIN_VERB_VRFY:
		ask(reader, ON_QUERY, 252);
		break;
	case MAILIN_VERB_HELP:
		ask(reader, ON_QUERY, 214);
		break;
	case MAILIN_VERB_EXPN:
	case MAILIN_VERB_ETRN:
		ask(reader, ON_QUERY, 250);
		break;
	case MAILIN_VERB_QUIT:
		model_reply(reader, 221);
		model_close(reader);
		break;
	case MAILIN_VERB_STARTTLS:
		start_tls(reader);
		break;
	case MAILIN_VERB_AUTH:
		model_auth(reader, event);
		break;
	case MAILIN_VERB_XCLIENT:
	case MAILIN_VERB_XFORWARD:
		tell(reader, event);
		break;
	case MAILIN_VERB_UNKNOWN:
		if (reader->setup->no_own)
			model_error(reader, 500);
		else
			ask(reader, ON_VERB, 250);
		break;
	default: /* DATA, BDAT, BURL */
		model_octets(reader, event);
		break;
	}
}

/* Returns true if the client must wait for the reply: RFC 2920 3.1;
 * XCLIENT_README; AUTH without an initial response. */
bool
model_is_last(const struct event *event)
{
	switch (event->verb) {
	case MAILIN_VERB_HELO:
	case MAILIN_VERB_EHLO:
	case MAILIN_VERB_LHLO:
	case MAILIN_VERB_NOOP:
	case MAILIN_VERB_VRFY:
	case MAILIN_VERB_EXPN:
	case MAILIN_VERB_STARTTLS:
	case MAILIN_VERB_XCLIENT:
		return true;
	case MAILIN_VERB_AUTH:
		return event->form == FORM_GOOD &&
		    (event->has & HAS_INITIAL) == 0;
	default:
		return false;
	}
}

static bool
is_junk(enum mailin_verb verb)
{
	switch (verb) {
	case MAILIN_VERB_MAIL:
	case MAILIN_VERB_RCPT:
	case MAILIN_VERB_DATA:
	case MAILIN_VERB_BDAT:
	case MAILIN_VERB_BURL:
	case MAILIN_VERB_QUIT:
	case MAILIN_VERB_STARTTLS:
	case MAILIN_VERB_AUTH:
		return false;
	default:
		return true;
	}
}

void
model_command(struct reader *reader, const struct event *event)
{
	struct model *model = &reader->expected->after;
	bool is_too_long = event->octets.len > 500;
	unsigned code;

	if (event->form == FORM_HALF) {
		model->half = 1;
		return;
	}
	model->half = 0;
	if (event->form == FORM_CLOSES) {
		model_reply(reader,
		    event->verb == MAILIN_VERB_BDAT ? 501 :
			event->octets.ptr[0] == 'G' ? 421 :
						      500);
		if (model->phase != PHASE_CLOSED)
			model_close(reader);
		return;
	}
	if (is_too_long) {
		model_error(reader, 500);
		return;
	}
	if (is_junk(event->verb) && model_is_over(reader, MAILIN_LIMIT_JUNK))
		return;
	reader->waits = model_is_last(event);
	code = model_refusal(reader->setup, model, event);
	model->rcpt_refused |= code != 0 && event->verb == MAILIN_VERB_RCPT &&
	    model->phase == PHASE_MAIL;
	if (code == 0) {
		run(reader, event);
	} else if (event->verb == MAILIN_VERB_BDAT) {
		/* The octets of the refused chunk must still be read. */
		model->stray = (uint16_t)code;
		model_octets(reader, event);
	} else {
		model_error(reader, code);
	}
}
