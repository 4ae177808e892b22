/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "session/decide.h"

/*
 * AUTH (RFC 4954 4).  For the library's mechanisms, this file reads credentials
 * from the client's responses.  For the mechanisms that the program has added,
 * each response goes to the callback "sasl", decoded from base64.
 *
 * The client's responses are decoded into the buffer session->auth->secret.
 * This buffer is overwritten after each callback that reads it, and when the
 * exchange ends, for any reason.  The buffer of the command line is overwritten
 * after each AUTH line and each response.  So no secret outlives the callback
 * that needs it, and no octet of a failed exchange remains for the next one.
 */

/* The maximum number of responses that the callback "sasl" gets in one
 * exchange. */
#define STEPS_MOST 32

static const char login_username[] = "VXNlcm5hbWU6"; /* Username: */
static const char login_password[] = "UGFzc3dvcmQ6"; /* Password: */
/* RFC 7628 3.2.2: {"status":"invalid_token"} */
static const char oauth_failure[] = "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=";

static void end_failing(struct mailin_session *session);

/* Send 334 and the base64 text in one line.  The line may be longer than those
 * of other replies (RFC 4954 4). */
static void
send_challenge(struct mailin_session *session, struct mailin_span base64)
{
	char octets[4 + CHALLENGE_ROOM + 2];

	session_advance(session, EVENT_CHALLENGE, true);
	memcpy(octets, "334 ", 4);
	if (base64.len > 0)
		memcpy(octets + 4, base64.ptr, base64.len);
	memcpy(octets + 4 + base64.len, "\r\n", 2);
	mailin_session_send_octets(session, MAILIN_REPLY_CHALLENGE,
	    (struct mailin_span){ octets, 4 + base64.len + 2 });
}

void
mailin_session_auth_fail(struct mailin_session *session,
    enum mailin_reply reply)
{
	/* The client's bearer token has been refused already, so the reply to
	 * this error does not matter. */
	if (session->auth->is_failing) {
		end_failing(session);
		return;
	}
	mailin_session_wipe_secret(session);
	mailin_session_drop_candidate(session);
	session_advance(session, EVENT_AUTH_END, false);
	mailin_session_send_error(session, reply);
}

static bool
set_candidate(struct mailin_session *session, struct mailin_span name)
{
	char *copy = mailin_copy(session_allocator(session), name);

	if (copy == NULL)
		return false;
	mailin_session_drop_candidate(session);
	session->candidate = copy;
	return true;
}

enum mailin_error
mailin_session_set_identity(struct mailin_session *session,
    const char *identity)
{
	struct mailin_span name = mailin_span_of(identity);

	if (identity == NULL)
		return MAILIN_ERROR_ARGUMENT;
	if (session->decision != &mailin_decide_auth &&
	    session->decision != &mailin_decide_sasl)
		return MAILIN_ERROR_STATE;
	if (name.len == 0 || !mailin_session_is_name(name))
		return MAILIN_ERROR_SYNTAX;
	return set_candidate(session, name) ? MAILIN_OK : MAILIN_ERROR_MEMORY;
}

/* Ask the handler.  Do not keep the command line, because it holds the
 * secret. */
static void
decide(struct mailin_session *session, const struct mailin_decision *decision,
    const void *subject)
{
	session->command_line = (struct mailin_span){ NULL, 0 };
	mailin_session_decide(session, decision, subject);
	mailin_session_wipe_secret(session);
}

static void
decide_credentials(struct mailin_session *session,
    struct mailin_credentials *credentials)
{
	struct mailin_span name = credentials->authzid.len > 0 ?
	    credentials->authzid :
	    credentials->authcid;

	if (name.len > 0 && !set_candidate(session, name)) {
		mailin_session_auth_fail(session, MAILIN_REPLY_AUTH_LATER);
		return;
	}
	decide(session, &mailin_decide_auth, credentials);
}

/* RFC 7628 3.2.3: first send the reason as a challenge.  The client responds
 * to it, and then gets the reply. */
static void
begin_failing(struct mailin_session *session, enum mailin_reply reply)
{
	session->auth->is_failing = true;
	session_keep_reply(session, &session->auth->failure, reply);
	send_challenge(session, mailin_span_of(oauth_failure));
}

static void
refuse_client(struct mailin_session *session, enum mailin_reply reply,
    const struct mailin_custom *custom)
{
	session_advance(session, EVENT_AUTH_END, false);
	session_count(&session->auth_failures);
	if (!session_close_if_over(session, MAILIN_LIMIT_AUTH_FAILURES,
		session->auth_failures))
		mailin_session_send_custom(session, reply, custom);
}

static void
end_failing(struct mailin_session *session)
{
	struct mailin_verdict failure = session->auth->failure;

	mailin_session_wipe_secret(session);
	session->auth->failure = (struct mailin_verdict){ .custom = NULL };
	refuse_client(session, failure.reply, failure.custom);
	mailin_free(session_allocator(session), failure.custom);
}

static bool
is_oauth(const struct mailin_session *session)
{
	return session->auth->mechanism == MAILIN_MECHANISM_XOAUTH2 ||
	    session->auth->mechanism == MAILIN_MECHANISM_OAUTHBEARER;
}

static void
agree(struct mailin_session *session, enum mailin_reply reply)
{
	session_advance(session, EVENT_AUTH_END, true);
	session->identity = session->candidate;
	session->candidate = NULL;
	mailin_session_renew(session);
	mailin_session_send(session, reply);
}

static void
auth_decided(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	if (session_code(reply, session->custom) == 334) {
		send_challenge(session,
		    (struct mailin_span){ session->custom->text,
			session->custom->len });
		return;
	}
	/* The handler returned OK, but no name is known that could become the
	 * identity. */
	if (yes && session->candidate == NULL) {
		yes = false;
		reply = MAILIN_REPLY_INTERNAL_ERROR;
	}
	if (yes) {
		agree(session, reply);
		return;
	}
	mailin_session_drop_candidate(session);
	if (is_oauth(session) &&
	    session_code(reply, session->custom) / 100 == 5)
		begin_failing(session, reply);
	else
		refuse_client(session, reply, session->custom);
}

ASKS(auth, (session, subject, session->user))
ASKS(sasl, (session, subject, session->user))

const struct mailin_decision mailin_decide_auth = {
	DECISION(auth, BAD_CREDENTIALS, AUTH_OK, 2),
	.carry_out = auth_decided,
};

const struct mailin_decision mailin_decide_sasl = {
	DECISION(sasl, BAD_MECHANISM, AUTH_OK, 2),
	.challenges = true,
	.carry_out = auth_decided,
};

static void
respond_credentials(struct mailin_session *session, struct mailin_span response)
{
	struct mailin_exchange *auth = session->auth;
	struct mailin_credentials credentials = {
		.mechanism = (enum mailin_mechanism)auth->mechanism,
	};

	if (auth->mechanism == MAILIN_MECHANISM_LOGIN && !auth->has_username) {
		auth->has_username = true;
		auth->username_len = response.len;
		send_challenge(session, mailin_span_of(login_password));
	} else if (mailin_session_read_credentials(session, &credentials,
		       response)) {
		decide_credentials(session, &credentials);
	} else {
		mailin_session_auth_fail(session, MAILIN_REPLY_BAD_ARGUMENT);
	}
}

/* Pass a response to a mechanism that the program implements. */
static void
respond_own(struct mailin_session *session, bool first,
    struct mailin_span response)
{
	struct mailin_sasl step = {
		.mechanism = mailin_span_of(mailin_config_mechanism_name(
		    session->config, session->auth->mechanism)),
		.first = first,
		.response = response
	};

	/* Without this limit, a handler that answers each response with a
	 * challenge would keep the exchange open for ever, because each line
	 * counts as progress. */
	if (++session->auth->steps > STEPS_MOST)
		mailin_session_auth_fail(session, MAILIN_REPLY_AUTH_CANCELLED);
	else
		decide(session, &mailin_decide_sasl, &step);
}

/* Decode a response, append it to the secret buffer, and continue the
 * mechanism. */
static void
respond(struct mailin_session *session, bool first, struct mailin_span base64)
{
	struct mailin_buffer *secret = &session->auth->secret;
	struct mailin_span response;
	size_t len;

	if (!mailin_buffer_reserve(secret, session_allocator(session),
		secret->len + base64.len + 1)) {
		mailin_session_auth_fail(session, MAILIN_REPLY_AUTH_LATER);
		return;
	}
	if (mailin_base64_decode(base64, secret->octets + secret->len, &len) !=
	    MAILIN_OK) {
		mailin_session_auth_fail(session, MAILIN_REPLY_BAD_BASE64);
		return;
	}
	response = (struct mailin_span){ secret->octets + secret->len, len };
	secret->len += len;
	if (session->auth->mechanism < MAILIN_MECHANISM_COUNT)
		respond_credentials(session, response);
	else
		respond_own(session, first, response);
}

void
mailin_session_auth_start(struct mailin_session *session,
    const struct mailin_command *command)
{
	const struct mailin_auth *auth = &command->auth;
	struct mailin_span initial = auth->initial;
	unsigned mechanism = mailin_mechanism_number(session->config,
	    auth->mechanism);
	enum mailin_reply reply = mailin_session_check_mechanism(session,
	    auth->mechanism);

	if (reply == MAILIN_REPLY_OK && !mailin_session_need_auth(session))
		reply = MAILIN_REPLY_AUTH_LATER;
	if (reply != MAILIN_REPLY_OK) {
		mailin_session_send_error(session, reply);
		return;
	}
	session->auth->mechanism = mechanism;
	session_advance(session, session_event(MAILIN_VERB_AUTH), true);
	session->auth->steps = 0;
	if (initial.ptr != NULL) {
		/* "=" is an empty response (RFC 4954 4). */
		if (mailin_span_equal(initial, "="))
			initial.len = 0;
		respond(session, true, initial);
	} else if (session->auth->mechanism >= MAILIN_MECHANISM_COUNT) {
		respond_own(session, true, initial);
	} else {
		send_challenge(session,
		    mailin_span_of(mechanism == MAILIN_MECHANISM_LOGIN ?
			    login_username :
			    ""));
	}
}

void
mailin_session_auth_response(struct mailin_session *session,
    struct mailin_span line)
{
	mailin_session_trace(session, MAILIN_TRACE_IN,
	    mailin_span_of("<hidden>"));
	line.len -= 2;
	if (session->auth->is_failing)
		end_failing(session);
	else if (memchr(line.ptr, '\r', line.len) != NULL ||
	    memchr(line.ptr, '\0', line.len) != NULL)
		mailin_session_auth_fail(session, MAILIN_REPLY_BAD_LINE);
	else if (mailin_span_equal(line, "*"))
		mailin_session_auth_fail(session, MAILIN_REPLY_AUTH_CANCELLED);
	else
		respond(session, false, line);
	mailin_line_wipe(&session->line);
}
