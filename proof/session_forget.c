/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_judge.h"

/* Checks that the session forgets all that it must forget, and changes nothing
 * that it must keep. */

static struct key fresh_key;

void
judge_set_fresh(const struct key *fresh)
{
	fresh_key = *fresh;
}

static void
judge_cleared(void)
{
	const struct model *model = &world.model;

	if (model->open || model->in_chunk || model->mail || model->forwarded)
		return;
	if (model->phase == PHASE_START || model->phase == PHASE_READY ||
	    model->phase == PHASE_TLS || model->phase == PHASE_CLOSED)
		hold(CLAIM_CLEARED, key_is_clear(world.session),
		    "something is left of a transaction");
}

static bool
only_asks(enum mailin_verb verb)
{
	return verb == MAILIN_VERB_NOOP || verb == MAILIN_VERB_VRFY ||
	    verb == MAILIN_VERB_EXPN || verb == MAILIN_VERB_HELP ||
	    verb == MAILIN_VERB_ETRN || verb == MAILIN_VERB_UNKNOWN;
}

/* Returns true if the command may change the session although it is refused.  A
 * refused RCPT changes the reply to DATA (554), and a refused chunk fails the
 * message.  AUTH has a claim of its own. */
static bool
has_effect(const struct event *event)
{
	return event->verb == MAILIN_VERB_RCPT ||
	    event->verb == MAILIN_VERB_BDAT ||
	    event->verb == MAILIN_VERB_BURL || event->verb == MAILIN_VERB_AUTH;
}

static void
judge_unchanged(void)
{
	struct key before = *judged.before;
	bool refused = judged.record.code_count == 1 &&
	    judged.record.codes[0] >= 400;

	if (judged.was_open || judged.is_open ||
	    judged.event->act != ACT_FEED ||
	    (judged.event->in & IN_COMMAND) == 0 ||
	    (judged.base.phase != PHASE_START &&
		judged.base.phase < PHASE_REFUSED) ||
	    world.model.phase == PHASE_CLOSED ||
	    judged.event->form == FORM_HALF)
		return;
	if (judged.event->verb == MAILIN_VERB_RCPT && refused) {
		before.rcpt_refused = judged.after.rcpt_refused;
		before.model.rcpt_refused = judged.after.model.rcpt_refused;
	} else if (judged.event->verb == MAILIN_VERB_DATA && refused) {
		before.body_dots = judged.after.body_dots;
	} else if (!only_asks(judged.event->verb) &&
	    (!refused || has_effect(judged.event))) {
		return;
	}
	hold(CLAIM_UNCHANGED, key_same_but_counters(&before, &judged.after),
	    "it changes more than a counter");
}

/* No octet may be read too early.  Before the greeting only a header is read,
 * and after STARTTLS nothing is read until the handshake. */
static void
judge_clear(void)
{
	const struct record *record = &outcome.record;
	bool header = judged.base.phase == PHASE_PROXY ||
	    judged.base.phase == PHASE_PROXY_TLS;
	unsigned i;

	if (judged.event->act != ACT_FEED || judged.was_open ||
	    (!header && judged.base.phase != PHASE_TLS &&
		judged.base.phase != PHASE_TLS_FIRST))
		return;
	for (i = 0; i < record->call_count; i++)
		hold(CLAIM_CLEAR,
		    record->calls[i].on == ON_CLOSE ||
			(header && record->calls[i].on == ON_CONNECT),
		    "octets in clear are read as a command");
	hold(CLAIM_CLEAR,
	    header || (record->code_count == 0 && outcome.used == 0),
	    "octets in clear are taken, or get a reply");
}

static bool
has_attribute(enum mailin_verb verb)
{
	int i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if (mailin_session_attribute(world.session, verb,
			(enum mailin_attribute)i)
			.ptr != NULL)
			return true;
	return false;
}

/* RFC 3207 4.2: the handshake makes the session forget the client.  If XCLIENT
 * and XFORWARD are off, they stay off. */
static void
judge_tls(void)
{
	struct key after = judged.after, fresh = fresh_key;

	if (judged.event->act != ACT_TLS || outcome.error != MAILIN_OK ||
	    judged.base.phase != PHASE_TLS)
		return;
	hold(CLAIM_TLS,
	    mailin_session_identity(world.session).ptr == NULL &&
		mailin_session_helo(world.session, NULL) ==
		    MAILIN_VERB_UNKNOWN &&
		!has_attribute(MAILIN_VERB_XCLIENT) &&
		!has_attribute(MAILIN_VERB_XFORWARD) &&
		!mailin_session_offers(world.session,
		    MAILIN_EXTENSION_STARTTLS),
	    "something that was said in clear is still known");
	if (judged.base.withdrawn || judged.base.proxied) {
		fresh.extensions = after.extensions;
		fresh.offered = after.offered;
		fresh.withdrawn = after.withdrawn;
		fresh.has_header = after.has_header;
		fresh.proxy_has_tls = after.proxy_has_tls;
		fresh.peer = after.peer;
		fresh.model.withdrawn = after.model.withdrawn;
		fresh.model.trusted = after.model.trusted;
		fresh.model.proxied = after.model.proxied;
	}
	fresh.stopping = after.stopping;
	fresh.model.stopping = after.model.stopping;
	hold(CLAIM_TLS, key_same_but_counters(&after, &fresh),
	    "the session is not as one that began inside TLS");
}

static void
judge_xclient(void)
{
	if (judge_count(&outcome.record, ON_XCLIENT) > 0)
		hold(CLAIM_XCLIENT, judged.base.trusted,
		    "a client without trust is believed");
	if (judged.event->verb != MAILIN_VERB_XCLIENT || judged.is_open ||
	    judged.event->act != ACT_FEED || judged.record.code_count == 0 ||
	    judged.record.codes[0] != 220)
		return;
	hold(CLAIM_XCLIENT,
	    mailin_session_helo(world.session, NULL) == MAILIN_VERB_UNKNOWN &&
		!has_attribute(MAILIN_VERB_XFORWARD) &&
		(mailin_session_identity(world.session).ptr != NULL) ==
		    (judged.event->detail == DETAIL_USER),
	    "something of the last client is left");
	hold(CLAIM_XCLIENT,
	    mailin_session_offers(world.session, MAILIN_EXTENSION_XCLIENT) ==
		    (judged.event->detail == DETAIL_TRUSTED) &&
		mailin_session_offers(world.session,
		    MAILIN_EXTENSION_XFORWARD) ==
		    (judged.event->detail == DETAIL_TRUSTED),
	    "the trust in a proxy is its client's");
}

void
judge_forgotten(void)
{
	judge_cleared();
	judge_unchanged();
	judge_clear();
	judge_tls();
	judge_xclient();
}
