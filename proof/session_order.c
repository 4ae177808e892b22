/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session.h"

/* The observer's rules for commands: when each is allowed, and what follows
 * the handler's decision. */

#define P(phase) (1u << PHASE_##phase)
#define ALL_OPEN \
	(P(START) | P(READY) | P(MAIL) | P(RCPT) | P(CHUNKS) | P(FAILED))

/* Returns the phases in which the verb is allowed: RFC 5321 4.1.4; RFC 3030 2;
 * RFC 4468 3; RFC 3207 4; RFC 4954 4; RFC 1985 5; XCLIENT_README;
 * XFORWARD_README. */
static unsigned
phases(enum mailin_verb verb)
{
	switch (verb) {
	case MAILIN_VERB_MAIL:
	case MAILIN_VERB_AUTH:
	case MAILIN_VERB_ETRN:
	case MAILIN_VERB_XFORWARD:
		return P(READY);
	case MAILIN_VERB_RCPT:
		return P(MAIL) | P(RCPT);
	case MAILIN_VERB_DATA:
		return P(RCPT);
	case MAILIN_VERB_BDAT:
	case MAILIN_VERB_BURL:
		return P(RCPT) | P(CHUNKS) | P(FAILED);
	case MAILIN_VERB_STARTTLS:
		return P(READY) | P(MAIL) | P(RCPT);
	case MAILIN_VERB_XCLIENT:
		return P(START) | P(READY);
	default:
		return ALL_OPEN;
	}
}

static bool
is_extra(enum mailin_verb verb, enum mailin_extension *extension)
{
	switch (verb) {
	case MAILIN_VERB_BDAT:
		*extension = MAILIN_EXTENSION_CHUNKING;
		return true;
	case MAILIN_VERB_BURL:
		*extension = MAILIN_EXTENSION_BURL;
		return true;
	case MAILIN_VERB_EXPN:
		*extension = MAILIN_EXTENSION_EXPN;
		return true;
	case MAILIN_VERB_ETRN:
		*extension = MAILIN_EXTENSION_ETRN;
		return true;
	case MAILIN_VERB_XCLIENT:
		*extension = MAILIN_EXTENSION_XCLIENT;
		return true;
	case MAILIN_VERB_XFORWARD:
		*extension = MAILIN_EXTENSION_XFORWARD;
		return true;
	default:
		return false;
	}
}

bool
model_offers(const struct setup *setup, const struct model *model,
    enum mailin_extension extension)
{
	switch (extension) {
	case MAILIN_EXTENSION_XCLIENT:
	case MAILIN_EXTENSION_XFORWARD:
		return model->trusted;
	case MAILIN_EXTENSION_STARTTLS:
		return !setup->no_starttls && !model->tls;
	case MAILIN_EXTENSION_REQUIRETLS:
		return !setup->no_extensions && model->tls;
	case MAILIN_EXTENSION_ENHANCEDSTATUSCODES:
		return true;
	case MAILIN_EXTENSION_PIPELINING:
		return !setup->no_extensions || setup->lmtp;
	default:
		return !setup->no_extensions;
	}
}

/* Commands that need neither TLS nor AUTH (RFC 3207 4, RFC 4954 6). */
static bool
is_always_free(enum mailin_verb verb)
{
	return verb == MAILIN_VERB_HELO || verb == MAILIN_VERB_EHLO ||
	    verb == MAILIN_VERB_LHLO || verb == MAILIN_VERB_NOOP ||
	    verb == MAILIN_VERB_RSET || verb == MAILIN_VERB_QUIT ||
	    verb == MAILIN_VERB_STARTTLS || verb == MAILIN_VERB_XCLIENT;
}

static unsigned
check_offer(const struct setup *setup, const struct model *model,
    enum mailin_verb verb)
{
	enum mailin_extension extension = MAILIN_EXTENSION_COUNT;
	bool off = is_extra(verb, &extension) &&
	    !model_offers(setup, model, extension);

	if ((verb == MAILIN_VERB_LHLO) != setup->lmtp &&
	    (verb == MAILIN_VERB_HELO || verb == MAILIN_VERB_EHLO ||
		verb == MAILIN_VERB_LHLO))
		return 500;
	if (off && model->withdrawn &&
	    (verb == MAILIN_VERB_XCLIENT || verb == MAILIN_VERB_XFORWARD))
		return 550;
	if (setup->tls == MAILIN_TLS_REQUIRED && !model->tls &&
	    !is_always_free(verb))
		return 530;
	if (setup->auth == MAILIN_AUTH_REQUIRED && !model->identity &&
	    !is_always_free(verb) && verb != MAILIN_VERB_AUTH)
		return 530;
	if (off ||
	    (verb == MAILIN_VERB_AUTH && setup->auth == MAILIN_AUTH_OFF) ||
	    (verb == MAILIN_VERB_STARTTLS && setup->no_starttls && !model->tls))
		return 502;
	return 0;
}

static bool
needs_esmtp(const struct setup *setup, enum mailin_verb verb)
{
	if (verb == MAILIN_VERB_AUTH || verb == MAILIN_VERB_STARTTLS)
		return !setup->relaxed;
	return verb == MAILIN_VERB_ETRN;
}

static unsigned
check_order(const struct setup *setup, const struct model *model,
    enum mailin_verb verb)
{
	bool is_data = verb == MAILIN_VERB_DATA || verb == MAILIN_VERB_BDAT ||
	    verb == MAILIN_VERB_BURL;

	if ((phases(verb) >> model->phase & 1) == 0)
		return is_data && model->phase == PHASE_MAIL &&
			model->rcpt_refused && !setup->lmtp ?
		    554 :
		    503;
	if ((verb == MAILIN_VERB_DATA && model->binary) ||
	    (needs_esmtp(setup, verb) && model->helo == MAILIN_VERB_HELO) ||
	    (verb == MAILIN_VERB_AUTH && model->identity) ||
	    (verb == MAILIN_VERB_STARTTLS && model->tls))
		return 503;
	return 0;
}

unsigned
model_refusal(const struct setup *setup, const struct model *model,
    const struct event *event)
{
	enum mailin_verb verb = event->verb;
	unsigned code;

	if (event->form == FORM_BAD_LINE)
		return 500;
	if (model->phase == PHASE_REFUSED && verb != MAILIN_VERB_QUIT)
		return 503;
	code = check_offer(setup, model, verb);
	if (code != 0 || verb == MAILIN_VERB_UNKNOWN)
		return code;
	if (model->phase != PHASE_REFUSED)
		code = check_order(setup, model, verb);
	if (code == 0 && event->form == FORM_BAD)
		code = CODE_5XX;
	return code;
}
