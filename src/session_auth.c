/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "session_data.h"

/*
 * AUTH (RFC 4954 4) with PLAIN (RFC 4616) and LOGIN.  What a client sends is
 * decoded into session->secret, which is overwritten and freed when the
 * exchange ends, however it ends, and so are the lines themselves: no secret
 * outlives the callback that needs it, and nothing of a failed exchange is
 * left for the next.
 */

static const char login_username[] = "VXNlcm5hbWU6"; /* Username: */
static const char login_password[] = "UGFzc3dvcmQ6"; /* Password: */

void
session_auth_fail(struct mailin_session *session, enum mailin_reply reply)
{
	session_wipe_secret(session);
	session_advance(session, EVENT_ANSWER, false);
	session_send_error(session, reply);
}

/* RFC 4616 2: UTF-8 without NUL; here without any control either, since names
 * go into logs and header fields. */
static bool
is_name(struct mailin_span name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
			return false;
	return mailin_utf8_valid(name);
}

static void
ask(struct mailin_session *session,
    const struct mailin_credentials *credentials)
{
	if (!is_name(credentials->authzid) || !is_name(credentials->authcid) ||
	    credentials->authcid.len == 0) {
		session_auth_fail(session, MAILIN_REPLY_BAD_ARGUMENT);
		return;
	}
	session->candidate = mailin_copy(session_allocator(session),
	    credentials->authzid.len > 0
	    ? credentials->authzid : credentials->authcid);
	if (session->candidate == NULL) {
		session_auth_fail(session, MAILIN_REPLY_AUTH_LATER);
		return;
	}
	/* The line is as secret as what it holds. */
	session->command_line = (struct mailin_span){ NULL, 0 };
	session_decide(session, DECIDE_AUTH, credentials);
	session_wipe_secret(session);
}

void
session_auth_verdict(struct mailin_session *session, bool yes,
    enum mailin_reply reply)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	session_advance(session, EVENT_ANSWER, yes);
	if (yes) {
		session->identity = session->candidate;
		session->candidate = NULL;
		session_send(session, reply);
		return;
	}
	mailin_free(allocator, session->candidate);
	session->candidate = NULL;
	session_count(&session->auth_failures);
	if (session_over(session, MAILIN_LIMIT_AUTH_FAILURES,
	    session->auth_failures))
		session_reply_close(session, MAILIN_REPLY_TOO_MANY_ERRORS,
		    MAILIN_CLOSE_LIMIT);
	else
		session_send(session, reply);
}

/* Cut off the octets up to a NUL; all of them if there is none. */
static struct mailin_span
cut(struct mailin_span *text)
{
	struct mailin_span head = *text;
	const char *nul = text->len > 0
	    ? memchr(text->ptr, '\0', text->len) : NULL;

	if (nul == NULL) {
		text->ptr += text->len;
		text->len = 0;
	} else {
		head.len = (size_t)(nul - head.ptr);
		text->ptr = nul + 1;
		text->len -= head.len + 1;
	}
	return head;
}

/* RFC 4616 2: message = [authzid] UTF8NUL authcid UTF8NUL passwd */
static void
plain(struct mailin_session *session, struct mailin_span message)
{
	struct mailin_credentials credentials = {
		.mechanism = MAILIN_MECHANISM_PLAIN,
	};

	credentials.authzid = cut(&message);
	credentials.authcid = cut(&message);
	credentials.password = cut(&message);
	if (message.len > 0 || credentials.password.len == 0)
		session_auth_fail(session, MAILIN_REPLY_BAD_ARGUMENT);
	else
		ask(session, &credentials);
}

/* The user's name is the first response, the password the second. */
static void
login(struct mailin_session *session, struct mailin_span response)
{
	struct mailin_credentials credentials = {
		.mechanism = MAILIN_MECHANISM_LOGIN,
		.authzid = { response.ptr, 0 },
		.authcid = { session->secret.octets, session->username_len },
		.password = response,
	};

	if (session->has_username) {
		ask(session, &credentials);
		return;
	}
	session->has_username = true;
	session->username_len = response.len;
	session_send_challenge(session, login_password);
}

/* A response has come: decode it behind what is there, and take the step. */
static void
respond(struct mailin_session *session, struct mailin_span base64)
{
	struct mailin_buffer *secret = &session->secret;
	struct mailin_span response;
	size_t len;

	if (!mailin_buffer_reserve(secret, session_allocator(session),
	    secret->len + base64.len + 1)) {
		session_auth_fail(session, MAILIN_REPLY_AUTH_LATER);
		return;
	}
	if (mailin_base64_decode(base64, secret->octets + secret->len,
	    &len) != MAILIN_OK) {
		session_auth_fail(session, MAILIN_REPLY_BAD_BASE64);
		return;
	}
	response = (struct mailin_span){ secret->octets + secret->len, len };
	secret->len += len;
	if (session->mechanism == MAILIN_MECHANISM_PLAIN)
		plain(session, response);
	else
		login(session, response);
}

/* The mechanism of that name, if it is offered now. */
static bool
find_mechanism(const struct mailin_session *session, struct mailin_span name,
    enum mailin_mechanism *mechanism)
{
	int i;

	if (!session_offers_auth(session))
		return false;
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++) {
		*mechanism = (enum mailin_mechanism)i;
		if (mailin_config_mechanism(session->config, *mechanism) &&
		    mailin_span_iequal(name,
		    mailin_mechanism_name(*mechanism)))
			return true;
	}
	return false;
}

void
session_auth_start(struct mailin_session *session,
    const struct mailin_auth *auth)
{
	struct mailin_span initial = auth->initial;

	if (!find_mechanism(session, auth->mechanism, &session->mechanism)) {
		session_send_error(session, MAILIN_REPLY_BAD_MECHANISM);
		return;
	}
	session_advance(session, session->event, true);
	if (initial.ptr == NULL) {
		session_send_challenge(session,
		    session->mechanism == MAILIN_MECHANISM_LOGIN
		    ? login_username : "");
		return;
	}
	/* "=" is a response of no octets (RFC 4954 4). */
	if (mailin_span_equal(initial, "="))
		initial.len = 0;
	respond(session, initial);
}

void
session_auth_answer(struct mailin_session *session, struct mailin_span line)
{
	session_trace(session, MAILIN_TRACE_IN, mailin_span_of("<hidden>"));
	line.len -= 2;
	if (mailin_span_equal(line, "*"))
		session_auth_fail(session, MAILIN_REPLY_AUTH_CANCELLED);
	else
		respond(session, line);
	mailin_line_wipe(&session->line);
}
