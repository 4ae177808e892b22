/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_run.h"

/* The handler of a run.  It checks the arguments of each callback, logs them,
 * and decides as the plan says. */

static struct mailin_span
custom_text(struct run *run, uint8_t verdict)
{
	struct mailin_span text = run->stream;

	text.len = text.len < 1200 ? text.len : 1200;
	run->check.has_texts |= plan_has_text(verdict);
	return text;
}

/* Decide on a step of the SASL mechanism that the program defines: return a
 * challenge, or an identity. */
static enum mailin_reply
sasl_reply(struct run *run, uint8_t verdict)
{
	if ((verdict & 0x3f) >= 24)
		return plan_reply(verdict, run->session,
		    custom_text(run, verdict));
	if ((verdict & 1) == 0)
		return mailin_session_challenge(run->session, "octets\0\xff",
		    8);
	(void)mailin_session_set_identity(run->session, "user");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
reply_of(struct run *run, uint8_t verdict, bool sasl)
{
	return sasl ?
	    sasl_reply(run, verdict) :
	    plan_reply(verdict, run->session, custom_text(run, verdict));
}

static enum mailin_reply
answer(struct run *run, uint8_t verdict, bool sasl)
{
	uint64_t token = mailin_session_decision(run->session);
	enum verdict_way way = plan_way(verdict);
	enum mailin_reply reply;

	check_decision(&run->check);
	/* The decision on the connection is the first one.  It is never
	 * PENDING, because input that came before it would end the session. */
	if (run->puts_off && way == VERDICT_AT_ONCE && run->decisions > 1)
		way = VERDICT_LATER;
	switch (way) {
	case VERDICT_LATER:
		if (run->pending_count ==
		    sizeof run->pending / sizeof run->pending[0])
			break;
		run->pending[run->pending_count].token = token;
		run->pending[run->pending_count].verdict = verdict;
		run->pending[run->pending_count++].sasl = sasl;
		return MAILIN_REPLY_PENDING;
	case VERDICT_INSIDE:
		reply = reply_of(run, verdict, sasl);
		CHECK(mailin_session_resume(run->session, token, reply) ==
		    MAILIN_OK);
		CHECK(mailin_session_feed(run->session, "x", 1) == 0);
		return MAILIN_REPLY_PENDING;
	default:
		break;
	}
	return reply_of(run, verdict, sasl);
}

static enum mailin_reply
decide(struct run *run)
{
	size_t number = run->decisions++ % sizeof run->head->verdicts;

	return answer(run, run->head->verdicts[number], false);
}

/* Check the facts that the session knows at the first callback.  An expected
 * PROXY header or handshake must already have come.  Facts about TLS must come
 * from a handshake or from the header.  If the proxy has not verified a
 * certificate, its name must be absent. */
static void
check_first(const struct run *run, const struct mailin_session *session)
{
	const struct mailin_proxy *proxy = mailin_session_proxy(session);
	const struct mailin_tls *tls = mailin_session_tls(session);
	uint8_t start = run->head->start;

	CHECK((proxy != NULL) == ((start & START_PROXY) != 0));
	CHECK(run->check.memory_fails ||
	    (tls != NULL) ==
		((proxy != NULL && proxy->tls) ||
		    (start & (START_TLS | START_TLS_FIRST)) != 0));
	CHECK(tls == NULL || tls->client_name.len == 0 ||
	    (proxy != NULL && proxy->tls_verified));
}

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	check_first(user, session);
	check_event(&((struct run *)user)->check, "connect");
	return decide(user);
}

static enum mailin_reply
on_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	struct run *run = user;

	check_event(&run->check, mailin_verb_name(verb));
	if (helo->domain_kind != MAILIN_DOMAIN_OTHER)
		check_field(&run->check, helo->domain, false);
	else
		check_printable(&run->check, helo->domain);
	if (run->decisions % 2 == 1)
		(void)mailin_session_ehlo_keyword(session, "SIZE", "x y");
	return decide(run);
}

static enum mailin_reply
on_starttls(struct mailin_session *session, void *user)
{
	(void)session;
	check_event(&((struct run *)user)->check, "starttls");
	return decide(user);
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	struct run *run = user;

	(void)session;
	check_event(&run->check, "auth");
	check_field(&run->check, credentials->authzid, true);
	check_field(&run->check, credentials->authcid, true);
	pile_add(&run->check.log, credentials->password.ptr,
	    credentials->password.len);
	pile_add(&run->check.log, credentials->token.ptr,
	    credentials->token.len);
	return decide(run);
}

static enum mailin_reply
on_sasl(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	struct run *run = user;
	size_t number = run->decisions++ % sizeof run->head->verdicts;

	(void)session;
	check_event(&run->check, step->first ? "sasl first" : "sasl");
	pile_add(&run->check.log, step->response.ptr, step->response.len);
	return answer(run, run->head->verdicts[number], true);
}

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	struct run *run = user;

	(void)session;
	CHECK(!run->check.in_transaction);
	check_event(&run->check, "mail");
	check_path(&run->check, &mail->path);
	check_parameters(&run->check, mail->parameter_text);
	return decide(run);
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct run *run = user;

	(void)session;
	run->check.in_transaction = true;
	check_event(&run->check, "rcpt");
	check_path(&run->check, &rcpt->path);
	check_parameters(&run->check, rcpt->parameter_text);
	return decide(run);
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	(void)session;
	check_data_start(&((struct run *)user)->check);
	return decide(user);
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	struct run *run = user;
	const struct plan_head *head = run->head;
	uint64_t most = head->refuse == 0 ? UINT64_MAX : head->refuse - 1u;
	bool refused = octets.len > most - run->check.octets;

	(void)session;
	if (refused)
		octets.len = (size_t)(most - run->check.octets);
	if (octets.len > 0)
		check_data(&run->check, octets);
	if (refused)
		return answer(run, plan_refusal(head->refusal), false);
	return answer(run, (head->start & START_DATA) != 0 ? 0x80 : 0, false);
}

static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session;
	check_data_end(&((struct run *)user)->check, rcpt);
	return decide(user);
}

static enum mailin_reply
on_query(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_text *argument, void *user)
{
	struct run *run = user;

	(void)session;
	check_event(&run->check, mailin_verb_name(verb));
	check_field(&run->check, argument->text, argument->utf8);
	return decide(run);
}

static enum mailin_reply
on_burl(struct mailin_session *session, const struct mailin_burl *burl,
    void *user)
{
	struct run *run = user;

	(void)session;
	check_event(&run->check, burl->last ? "burl last" : "burl");
	check_field(&run->check, burl->uri, false);
	return decide(run);
}

static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	struct run *run = user;
	const struct mailin_peer *next = mailin_session_next_peer(session);
	int i;

	CHECK((next != NULL) == (verb == MAILIN_VERB_XCLIENT));
	/* Some peers that XCLIENT names are trusted proxies, too. */
	if (next != NULL && next->port % 2 == 1)
		CHECK(mailin_session_set_extension(session,
			  MAILIN_EXTENSION_XCLIENT, true) == MAILIN_OK);
	check_event(&run->check, mailin_verb_name(verb));
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		check_field(&run->check, attributes->values[i], false);
	return decide(run);
}

static enum mailin_reply
on_unknown_verb(struct mailin_session *session,
    const struct mailin_unknown *command, void *user)
{
	struct run *run = user;

	(void)session;
	/* The verb may have any octet except NUL and those that end a line. */
	check_event(&run->check, "unknown ");
	pile_add(&run->check.log, command->verb.ptr, command->verb.len);
	pile_add(&run->check.log, command->text.ptr, command->text.len);
	CHECK(memchr(command->verb.ptr, '\r', command->verb.len) == NULL);
	CHECK(memchr(command->verb.ptr, '\0', command->verb.len) == NULL);
	return decide(run);
}

static enum mailin_reply
on_unknown_parameter(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span keyword, struct mailin_span value, void *user)
{
	struct run *run = user;

	(void)session;
	check_event(&run->check, mailin_verb_name(verb));
	check_field(&run->check, keyword, false);
	check_field(&run->check, value, true);
	return decide(run);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	struct run *run = user;
	char text[] = "reset  ";

	(void)session;
	text[6] = (char)('0' + (int)reason);
	check_transaction_end(&run->check, false);
	check_event(&run->check, text);
}

static void
on_delivered(struct mailin_session *session, void *user)
{
	struct run *run = user;

	(void)session;
	check_transaction_end(&run->check, true);
	check_event(&run->check, "delivered");
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct run *run = user;
	char text[] = "close  ";

	(void)session;
	text[6] = (char)('A' + (int)reason);
	check_event(&run->check, text);
	check_close(&run->check);
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	struct run *run = user;

	(void)session;
	if (direction == MAILIN_TRACE_IN)
		check_line_in(&run->check, line);
	else
		check_line_out(&run->check, line);
}

/* Inside the callback "replied", mailin_session_command() returns a command
 * only if it was refused. */
static void
on_replied(struct mailin_session *session, const struct mailin_outcome *outcome,
    void *user)
{
	struct mailin_command command;

	(void)user;
	CHECK(outcome->code >= 200 && outcome->code <= 599);
	CHECK(outcome->enhanced[0] == '\0' ||
	    outcome->enhanced[0] == '0' + outcome->code / 100);
	if (mailin_session_command(session, &command))
		CHECK(outcome->kind == MAILIN_OUTCOME_COMMAND &&
		    outcome->code >= 400 && command.verb == outcome->verb &&
		    command.verb != MAILIN_VERB_AUTH);
}

/* clang-format off */
const struct mailin_handler run_handler = {
	.size = sizeof (struct mailin_handler),
	.connect = on_connect, .helo = on_helo, .starttls = on_starttls,
	.auth = on_auth, .sasl = on_sasl, .mail = on_mail, .rcpt = on_rcpt,
	.data_start = on_data_start, .data = on_data, .data_end = on_data_end,
	.query = on_query, .burl = on_burl, .xclient = on_xclient,
	.unknown_verb = on_unknown_verb,
	.unknown_parameter = on_unknown_parameter,
	.reset = on_reset, .delivered = on_delivered, .close = on_close,
	.trace = on_trace, .replied = on_replied,
};
/* clang-format on */

const struct mailin_handler run_handler_silent = {
	.size = sizeof(struct mailin_handler),
	.reset = on_reset,
	.delivered = on_delivered,
	.close = on_close,
	.trace = on_trace,
};

void
run_settle(struct run *run)
{
	while (run->pending_count > 0) {
		struct run_decision last = run->pending[--run->pending_count];
		enum mailin_error error = mailin_session_resume(run->session,
		    last.token, reply_of(run, last.verdict, last.sasl));

		CHECK(error == MAILIN_OK ||
		    (error == MAILIN_ERROR_STALE && run->check.closed));
		CHECK(mailin_session_resume(run->session, last.token,
			  MAILIN_REPLY_OK) == MAILIN_ERROR_STALE);
	}
}
