/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "check.h"
#include "calls.h"

/* The handler.  Each callback makes arbitrary calls, and then decides.  The
 * input chooses the calls and the decision. */

static void
meddle(struct calls *calls)
{
	uint8_t more = calls_next(calls);

	CHECK(calls->depth == 0);
	calls->depth++;
	/* A freed session still exists until the outermost call returns. */
	for (more = more < 200 ? more % 4 : 0; more > 0; more--)
		calls_any(calls, true);
	if (calls_next(calls) == 0xfe) {
		mailin_session_free(calls->session);
		calls->freed = true;
	}
	calls->depth--;
}

static enum mailin_reply
decide(struct calls *calls)
{
	struct mailin_session *session = calls->session;
	uint64_t token = mailin_session_decision(session);
	uint8_t verdict;

	CHECK(calls->closes == 0 && token != 0);
	meddle(calls);
	verdict = calls_next(calls);
	if (verdict < 128)
		return MAILIN_REPLY_OK;
	if (verdict < 160) {
		calls->tokens[calls->token_count++ % 4] = token;
		return MAILIN_REPLY_PENDING;
	}
	if (verdict < 176) {
		(void)mailin_session_set_identity(session, "user");
		CHECK(mailin_session_resume(session, token, MAILIN_REPLY_OK) ==
		    MAILIN_OK);
		CHECK(mailin_session_resume(session, token, MAILIN_REPLY_OK) ==
		    MAILIN_ERROR_STALE);
		return verdict % 2 == 0 ? MAILIN_REPLY_PENDING :
					  MAILIN_REPLY_FAILED;
	}
	if (verdict < 192)
		return mailin_session_challenge(session, "octets", 6);
	if (verdict < 208)
		return mailin_session_reply(session, 200 + verdict, "", "x");
	return (enum mailin_reply)(verdict - 208 + (int)MAILIN_REPLY_OK);
}

#define DECIDES(name, parameters, ...) \
	static enum mailin_reply name parameters \
	{ \
		(void)session; \
		__VA_ARGS__; \
		return decide(user); \
	}
#define SESSION struct mailin_session *session

DECIDES(on_connect, (SESSION, void *user), (void)0)
DECIDES(on_helo,
    (SESSION, enum mailin_verb verb, const struct mailin_helo *helo,
	void *user),
    (void)verb, (void)helo)
DECIDES(on_auth,
    (SESSION, const struct mailin_credentials *credentials, void *user),
    (void)credentials)
DECIDES(on_sasl, (SESSION, const struct mailin_sasl *step, void *user),
    (void)step)
DECIDES(on_mail, (SESSION, const struct mailin_mail *mail, void *user),
	(void)mail;
	CHECK(!((struct calls *)user)->in_transaction))
DECIDES(on_data, (SESSION, struct mailin_span octets, void *user),
	CHECK(octets.len > 0);
	CHECK(mailin_session_rcpt_count(session) > 0))
DECIDES(on_data_start, (SESSION, void *user),
    CHECK(mailin_session_rcpt_count(session) > 0))
DECIDES(on_data_end, (SESSION, const struct mailin_rcpt *rcpt, void *user),
	(void)rcpt;
	CHECK(mailin_session_rcpt_count(session) > 0))
DECIDES(on_query,
    (SESSION, enum mailin_verb verb, const struct mailin_text *argument,
	void *user),
    (void)verb, (void)argument)
DECIDES(on_burl, (SESSION, const struct mailin_burl *burl, void *user),
    (void)burl)
DECIDES(on_xclient,
    (SESSION, enum mailin_verb verb, const struct mailin_attributes *attributes,
	void *user),
    (void)verb, (void)attributes)
DECIDES(on_unknown_verb,
    (SESSION, const struct mailin_unknown *command, void *user), (void)command)
DECIDES(on_unknown_parameter,
    (SESSION, enum mailin_verb verb, struct mailin_span keyword,
	struct mailin_span value, void *user),
    (void)verb, (void)keyword, (void)value)

/* A call of the callback "rcpt" shows that MAIL was accepted. */
static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt;
	((struct calls *)user)->in_transaction = true;
	return decide(user);
}

static void
end_transaction(struct mailin_session *session, struct calls *calls)
{
	struct mailin_mail mail;

	CHECK(calls->closes == 0 && mailin_session_mail(session, &mail));
	calls->in_transaction = false;
	meddle(calls);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	(void)reason;
	end_transaction(session, user);
}

static void
on_delivered(struct mailin_session *session, void *user)
{
	end_transaction(session, user);
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct calls *calls = user;

	(void)session, (void)reason;
	CHECK(++calls->closes == 1 && !calls->in_transaction);
	/* mailin_session_free() itself calls this callback: do not free
	 * again. */
	calls->depth++;
	calls_any(calls, true);
	calls->depth--;
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	(void)session, (void)direction;
	CHECK(line.ptr != NULL || line.len == 0);
	meddle(user);
}

static void
on_replied(struct mailin_session *session, const struct mailin_outcome *outcome,
    void *user)
{
	(void)session;
	CHECK(outcome->code >= 200 && outcome->code <= 599);
	meddle(user);
}

/* clang-format off */
const struct mailin_handler calls_handler = {
	.size = sizeof (struct mailin_handler),
	.connect = on_connect, .helo = on_helo, .starttls = on_connect,
	.auth = on_auth, .sasl = on_sasl, .mail = on_mail, .rcpt = on_rcpt,
	.data_start = on_data_start, .data = on_data, .data_end = on_data_end,
	.query = on_query, .burl = on_burl, .xclient = on_xclient,
	.unknown_verb = on_unknown_verb,
	.unknown_parameter = on_unknown_parameter,
	.reset = on_reset, .delivered = on_delivered, .close = on_close,
	.trace = on_trace, .replied = on_replied,
};
/* clang-format on */
