/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "check.h"
#include "calls.h"

/* Calls every public function of a session. */

static const struct mailin_span text = { "text\r\nwith % and \0", 18 };

static void
query_texts(const struct mailin_session *session, uint8_t number)
{
	char room[2048];
	size_t len = 0;

	CHECK(mailin_session_config(session) != NULL);
	CHECK(mailin_session_protocol(session) != NULL);
	(void)mailin_session_identity(session);
	(void)mailin_session_attribute(session,
	    (enum mailin_verb)(MAILIN_VERB_XCLIENT + number % 2),
	    (enum mailin_attribute)(number % (MAILIN_ATTRIBUTE_COUNT + 1)));
	(void)mailin_session_received(session, 1700000000 + number,
	    number % 2 == 0 ? 60 : -60, "id", room, number * 16u, &len);
	CHECK(len < sizeof room * 8);
}

static void
query_envelope(const struct mailin_session *session, uint8_t number)
{
	struct mailin_mail mail;
	struct mailin_rcpt rcpt;
	size_t i, count = mailin_session_rcpt_count(session);

	/* A recipient needs a sender (property 15). */
	CHECK(count == 0 || mailin_session_mail(session, &mail));
	for (i = 0; i < count && i < 4; i++)
		CHECK(mailin_session_rcpt(session, i, &rcpt));
	CHECK(!mailin_session_rcpt(session, count + number, &rcpt));
}

static void
query(struct calls *calls, uint8_t number)
{
	const struct mailin_session *session = calls->session;
	struct mailin_command command;
	struct mailin_helo helo;

	CHECK(mailin_session_user(session) == calls);
	(void)mailin_session_want(session);
	(void)mailin_session_timeout(session);
	(void)mailin_session_progress(session);
	(void)mailin_session_peer(session);
	(void)mailin_session_next_peer(session);
	(void)mailin_session_tls(session);
	(void)mailin_session_proxy(session);
	(void)mailin_session_facts(session);
	(void)mailin_session_decision(session);
	(void)mailin_session_command(session, &command);
	(void)mailin_session_helo(session, &helo);
	(void)mailin_session_offers(session,
	    (enum mailin_extension)(number % (MAILIN_EXTENSION_COUNT + 1)));
	query_texts(session, number);
	query_envelope(session, number);
}

/* Call a function that only some callbacks may call.  The call must be safe
 * even if it is not allowed now. */
static void
prepare(struct calls *calls, uint8_t number)
{
	struct mailin_session *session = calls->session;
	static const int codes[] = { 250, 550, 421, 354, 334, 220, 99, 600 };
	enum mailin_reply reply;

	switch (number % 6) {
	case 0:
		reply = mailin_session_reply(session, codes[number / 6 % 8],
		    "5.7.1", "%s", "no\nsuch");
		break;
	case 1:
		reply = mailin_session_reply_text(session,
		    codes[number / 6 % 8], "2.0.0", text);
		break;
	case 2:
		reply = mailin_session_challenge(session, "x", number % 2);
		break;
	case 3:
		(void)mailin_session_ehlo_keyword(session, "X-OWN", "a b");
		return;
	case 4:
		(void)mailin_session_set_identity(session, "user");
		return;
	default:
		(void)mailin_session_set_extension(session,
		    (enum mailin_extension)(number % MAILIN_EXTENSION_COUNT),
		    number % 2 == 0);
		return;
	}
	CHECK((unsigned)reply < MAILIN_REPLY_COUNT &&
	    reply != MAILIN_REPLY_PENDING);
}

static const struct mailin_tls tls = { .version = { "TLSv1.3", 7 },
	.client_name = { "c", 1 } };
static const struct mailin_peer peer = { .address = { "192.0.2.3", 9 } };

/* Call functions that must return BUSY, and change nothing, inside a
 * callback. */
static void
call_busy(struct mailin_session *session)
{
	CHECK(mailin_session_feed(session, "QUIT\r\n", 6) == 0);
	CHECK(mailin_session_output(session).len == 0);
	CHECK(mailin_session_sent(session, 0) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_eof(session) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_abort(session, MAILIN_CLOSE_ABORT) ==
	    MAILIN_ERROR_BUSY);
	CHECK(mailin_session_timed_out(session) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_shutdown(session) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_tls_started(session, &tls) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_set_peer(session, &peer) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_expect_proxy(session) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_expect_tls(session) == MAILIN_ERROR_BUSY);
	CHECK(mailin_session_resume(session, UINT64_MAX, MAILIN_REPLY_OK) ==
	    MAILIN_ERROR_BUSY);
}

static void
call_between(struct mailin_session *session, uint8_t number)
{
	switch (number % 5) {
	case 0:
		(void)mailin_session_tls_started(session, &tls);
		break;
	case 1:
		(void)mailin_session_set_peer(session, &peer);
		break;
	case 2:
		(void)mailin_session_expect_proxy(session);
		break;
	case 3:
		(void)mailin_session_expect_tls(session);
		break;
	default:
		(void)mailin_session_abort(session, MAILIN_CLOSE_TLS);
		break;
	}
}

void
calls_any(struct calls *calls, bool inside)
{
	uint8_t number = calls_next(calls);

	if (number < 100)
		query(calls, number);
	else if (number < 180)
		prepare(calls, number);
	else if (inside)
		call_busy(calls->session);
	else
		call_between(calls->session, number);
}

void
calls_resume(struct calls *calls)
{
	uint8_t number = calls_next(calls);
	enum mailin_reply reply = (enum mailin_reply)(
	    calls_next(calls) % MAILIN_REPLY_COUNT);
	uint64_t token = mailin_session_decision(calls->session);
	enum mailin_error error;

	if (calls->token_count > 0 && number % 4 == 0)
		token = calls->tokens[number / 4 % 4];
	if (number % 2 == 0)
		reply = MAILIN_REPLY_OK;
	if (number % 16 == 1)
		prepare(calls, number);
	error = mailin_session_resume(calls->session, token, reply);
	CHECK(error == MAILIN_OK || error == MAILIN_ERROR_STALE ||
	    error == MAILIN_ERROR_ARGUMENT);
	CHECK(error != MAILIN_OK || !calls->was_closed);
}
