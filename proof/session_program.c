/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "session_world.h"

/* The program that uses the session: a handler whose decisions the search
 * chooses. */

struct choices choices;

/* clang-format off */
const char verdict_names[VERDICT_COUNT][12] = {
	"OK", "550", "450", "421", "221, wrong", "PENDING", "challenge",
};
const char on_names[ON_CLOSE + 1][12] = {
	"connect", "helo", "starttls", "auth", "sasl", "mail", "rcpt",
	"data_start", "data", "data_end", "query", "burl", "xclient",
	"verb", "parameter", "reset", "delivered", "close",
};
/* clang-format on */

static void
note(enum on on, enum verdict verdict)
{
	struct record *record = &outcome.record;

	if (record->call_count == MOST_CALLS)
		abort();
	record->calls[record->call_count++] = (struct call){ (uint8_t)on,
		(uint8_t)verdict };
}

/* Returns how many verdicts are tried for the next decision.  After a refusal
 * only a few are tried; otherwise one event would have too many cases. */
static unsigned
kinds(enum on on)
{
	unsigned i;

	for (i = 0; i < choices.made && i < MOST_CHOICES; i++)
		if (choices.verdicts[i] != VERDICT_YES)
			return VERDICT_NO + 1;
	if (choices.few)
		return VERDICT_NO + 1;
	if (!choices.may_wait)
		return VERDICT_WRONG + 1;
	return on == ON_SASL ? VERDICT_CHALLENGE + 1 : VERDICT_PENDING + 1;
}

static enum verdict
choose(enum on on)
{
	unsigned number = choices.made;
	enum verdict verdict = VERDICT_YES;

	if (choices.all_wait) {
		verdict = VERDICT_PENDING;
	} else if (number < MOST_CHOICES) {
		choices.kinds[number] = (uint8_t)kinds(on);
		if (number < choices.given)
			verdict = (enum verdict)choices.verdicts[number];
		else
			choices.verdicts[number] = VERDICT_YES;
	}
	choices.made++;
	return verdict;
}

bool
choices_next(void)
{
	unsigned i = choices.made < MOST_CHOICES ? choices.made : MOST_CHOICES;

	while (i-- > 0)
		if (choices.verdicts[i] + 1u < choices.kinds[i]) {
			choices.verdicts[i]++;
			choices.given = i + 1;
			return true;
		}
	choices.given = 0;
	return false;
}

enum mailin_reply
program_reply(struct mailin_session *session, bool is_sasl,
    enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_YES:
		if (is_sasl)
			(void)mailin_session_set_identity(session, "o");
		return MAILIN_REPLY_OK;
	case VERDICT_NO:
		return mailin_session_reply(session, 550, "5.7.1", "No");
	case VERDICT_LATER:
		return MAILIN_REPLY_TRY_LATER;
	case VERDICT_CLOSE:
		return MAILIN_REPLY_NO_SERVICE;
	case VERDICT_CHALLENGE:
		return is_sasl ? mailin_session_challenge(session, "x", 1) :
				 MAILIN_REPLY_INTERNAL_ERROR;
	case VERDICT_PENDING:
		return MAILIN_REPLY_PENDING;
	default:
		return MAILIN_REPLY_GOODBYE;
	}
}

static enum mailin_reply
decide(struct mailin_session *session, enum on on)
{
	enum verdict verdict = choose(on);

	note(on, verdict);
	if (verdict == VERDICT_PENDING) {
		if (world.token_count == RECIPIENTS)
			abort();
		world.tokens[world.token_count++] = mailin_session_decision(
		    session);
		world.sasl = on == ON_SASL;
	}
	return program_reply(session, on == ON_SASL, verdict);
}

/* Defines a callback that only decides.  The arguments of the macro after
 * "parameters" are statements that mark the parameters as unused. */
#define DECIDES(name, on, parameters, ...) \
	static enum mailin_reply name parameters \
	{ \
		__VA_ARGS__; \
		(void)user; \
		return decide(session, on); \
	}
#define SESSION struct mailin_session *session

DECIDES(on_connect, ON_CONNECT, (SESSION, void *user), (void)0)
DECIDES(on_helo, ON_HELO,
    (SESSION, enum mailin_verb verb, const struct mailin_helo *helo,
	void *user),
    (void)verb, (void)helo)
DECIDES(on_starttls, ON_STARTTLS, (SESSION, void *user), (void)0)
DECIDES(on_auth, ON_AUTH,
    (SESSION, const struct mailin_credentials *credentials, void *user),
    (void)credentials)
DECIDES(on_sasl, ON_SASL, (SESSION, const struct mailin_sasl *step, void *user),
    (void)step)
DECIDES(on_mail, ON_MAIL, (SESSION, const struct mailin_mail *mail, void *user),
    (void)mail)
DECIDES(on_rcpt, ON_RCPT, (SESSION, const struct mailin_rcpt *rcpt, void *user),
    (void)rcpt)
DECIDES(on_data_start, ON_DATA_START, (SESSION, void *user), (void)0)
DECIDES(on_data, ON_DATA, (SESSION, struct mailin_span octets, void *user),
    outcome.handed_on += octets.len)
DECIDES(on_data_end, ON_DATA_END,
    (SESSION, const struct mailin_rcpt *rcpt, void *user), (void)rcpt)
DECIDES(on_query, ON_QUERY,
    (SESSION, enum mailin_verb verb, const struct mailin_text *text,
	void *user),
    (void)verb, (void)text)
DECIDES(on_burl, ON_BURL, (SESSION, const struct mailin_burl *burl, void *user),
    (void)burl)
DECIDES(on_unknown_verb, ON_VERB,
    (SESSION, const struct mailin_unknown *command, void *user), (void)command)
DECIDES(on_unknown_parameter, ON_PARAMETER,
    (SESSION, enum mailin_verb verb, struct mailin_span keyword,
	struct mailin_span value, void *user),
    (void)verb, (void)keyword, (void)value)

/* The client 192.0.2.8 is a trusted proxy, too. */
static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	const struct mailin_peer *next = mailin_session_next_peer(session);

	(void)verb, (void)attributes, (void)user;
	if (next != NULL && mailin_span_equal(next->address, "192.0.2.8")) {
		(void)mailin_session_set_extension(session,
		    MAILIN_EXTENSION_XCLIENT, true);
		(void)mailin_session_set_extension(session,
		    MAILIN_EXTENSION_XFORWARD, true);
	}
	return decide(session, ON_XCLIENT);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	(void)session, (void)reason, (void)user;
	note(ON_RESET, VERDICT_YES);
}

static void
on_delivered(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	note(ON_DELIVERED, VERDICT_YES);
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	(void)session, (void)reason, (void)user;
	note(ON_CLOSE, VERDICT_YES);
}

/* clang-format off */
#define CALLBACKS \
	.size = sizeof (struct mailin_handler), \
	.connect = on_connect, .helo = on_helo, .starttls = on_starttls, \
	.auth = on_auth, .sasl = on_sasl, .mail = on_mail, .rcpt = on_rcpt, \
	.data_start = on_data_start, .data = on_data, \
	.data_end = on_data_end, .query = on_query, .burl = on_burl, \
	.xclient = on_xclient, .reset = on_reset, \
	.delivered = on_delivered, .close = on_close

static const struct mailin_handler handler = { CALLBACKS,
	.unknown_verb = on_unknown_verb,
	.unknown_parameter = on_unknown_parameter };
static const struct mailin_handler handler_without_own = { CALLBACKS };
/* clang-format on */

const struct mailin_handler *
program_handler(const struct setup *setup)
{
	return setup->no_own ? &handler_without_own : &handler;
}
