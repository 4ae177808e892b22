/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/proxy_text.h"
#include "transcript/transcript.h"

/* Runs the lines of a transcript that begin with "!".  Each line makes a call
 * that a program would make, or checks a value that a program would see. */

struct call {
	char name[13];
	/* "argument" is the text after the name, or "" */
	void (*run)(struct play *play, const char *argument);
};

/* The call must return the error that is after "=", or OK if there is no
 * "=". */
static void
expect_error(struct play *play, enum mailin_error error, const char *argument)
{
	const char *name = mailin_error_name(error);
	bool good = *argument == '\0' ?
	    error == MAILIN_OK :
	    strncmp(argument, "= ", 2) == 0 && strcmp(argument + 2, name) == 0;

	if (!good)
		play_fail(play, "the call returns %s", name);
	play_settle(play);
}

static void
expect_span(struct play *play, struct mailin_span got, const char *argument)
{
	if (!mailin_span_equal(got, argument))
		play_fail(play, "expected: %s\n#     got:      %s", argument,
		    text_show(got.ptr, got.len));
}

static void
call_tls(struct play *play, const char *argument)
{
	struct mailin_tls tls = { .version = mailin_span_of("TLSv1.3") };

	if (play->transcript->certificate != NULL)
		tls.client_name = mailin_span_of(play->transcript->certificate);
	expect_error(play, mailin_session_tls_started(play->session, &tls),
	    argument);
}

static void
call_expect_proxy(struct play *play, const char *argument)
{
	expect_error(play, mailin_session_expect_proxy(play->session),
	    argument);
}

static void
call_expect_tls(struct play *play, const char *argument)
{
	expect_error(play, mailin_session_expect_tls(play->session), argument);
}

static void
call_tls_failed(struct play *play, const char *argument)
{
	expect_error(play,
	    mailin_session_abort(play->session, MAILIN_CLOSE_TLS), argument);
}

static void
call_eof(struct play *play, const char *argument)
{
	expect_error(play, mailin_session_eof(play->session), argument);
}

static void
call_timed_out(struct play *play, const char *argument)
{
	expect_error(play, mailin_session_timed_out(play->session), argument);
}

static void
call_shutdown(struct play *play, const char *argument)
{
	expect_error(play, mailin_session_shutdown(play->session), argument);
}

static void
call_abort(struct play *play, const char *argument)
{
	expect_error(play,
	    mailin_session_abort(play->session, MAILIN_CLOSE_ABORT), argument);
}

/* Resume the oldest decision that is still pending. */
static void
call_resume(struct play *play, const char *argument)
{
	struct verdict verdict = { .code = 0 };
	struct text held = play->held;
	uint64_t token = play->pending[0].token;

	if (play->pending_count == 0 || !verdict_read(&verdict, argument)) {
		play_fail(play, "nothing to resume, or a bad verdict");
		return;
	}
	play->pending_count--;
	memmove(play->pending, play->pending + 1,
	    play->pending_count * sizeof play->pending[0]);
	play->held = (struct text){ NULL, 0 };
	play_resume(play, token, &verdict);
	play_client(play, held.octets, held.len);
	text_free(&verdict.text);
	text_free(&held);
}

/* Fail if the client must wait, or if there is a reply. */
static void
call_silent(struct play *play, const char *argument)
{
	(void)argument;
	play_drain(play);
	if (play->received.len > 0)
		play_fail(play, "not expected: %s",
		    text_show(play->received.octets, play->received.len));
}

static void
call_closed(struct play *play, const char *argument)
{
	(void)argument;
	call_silent(play, "");
	if (mailin_session_want(play->session) != MAILIN_WANT_CLOSE)
		play_fail(play, "the session is not closed");
	else if (mailin_session_feed(play->session, "QUIT\r\n", 6) != 0 ||
	    mailin_session_output(play->session).len != 0)
		play_fail(play, "the session is closed but goes on");
}

static void
call_want(struct play *play, const char *argument)
{
	expect_span(play,
	    mailin_span_of(
		mailin_want_name(mailin_session_want(play->session))),
	    argument);
}

static void
call_identity(struct play *play, const char *argument)
{
	expect_span(play, mailin_session_identity(play->session), argument);
}

static void
call_protocol(struct play *play, const char *argument)
{
	expect_span(play,
	    mailin_span_of(mailin_session_protocol(play->session)), argument);
}

static void
call_peer(struct play *play, const char *argument)
{
	const struct mailin_peer *peer = mailin_session_peer(play->session);

	expect_span(play, peer != NULL ? peer->address : mailin_span_of(""),
	    argument);
}

static void
call_proxy(struct play *play, const char *argument)
{
	const struct mailin_proxy *proxy = mailin_session_proxy(play->session);
	char text[512] = "";

	expect_span(play,
	    mailin_span_of(
		proxy == NULL ? "" : proxy_show(proxy, text, sizeof text)),
	    argument);
}

static void
call_timeout(struct play *play, const char *argument)
{
	char text[16];

	snprintf(text, sizeof text, "%u",
	    mailin_session_timeout(play->session));
	expect_span(play, mailin_span_of(text), argument);
}

static void
add_fact(struct text *facts, const char *name, struct mailin_span value)
{
	if (value.ptr == NULL)
		return;
	text_add_string(facts, facts->len > 0 ? " " : "");
	text_add_string(facts, name);
	text_add_string(facts, text_show(value.ptr, value.len));
}

/* The argument must be "clear" for a session without TLS, otherwise "tls" and
 * the facts about it. */
static void
call_inside(struct play *play, const char *argument)
{
	const struct mailin_tls *tls = mailin_session_tls(play->session);
	struct text facts = { NULL, 0 };

	if (tls == NULL) {
		expect_span(play, mailin_span_of("clear"), argument);
		return;
	}
	text_add_string(&facts, "tls");
	add_fact(&facts, "", tls->version);
	add_fact(&facts, "cipher=", tls->cipher);
	add_fact(&facts, "sni=", tls->sni);
	add_fact(&facts, "alpn=", tls->alpn);
	add_fact(&facts, "client=", tls->client_name);
	add_fact(&facts, "binding=", tls->channel_binding);
	expect_span(play, (struct mailin_span){ facts.octets, facts.len },
	    argument);
	text_free(&facts);
}

/* Read "XFORWARD NAME [VALUE]", or the same with XCLIENT: the session must have
 * this value of the attribute. */
static void
call_told(struct play *play, const char *argument)
{
	enum mailin_verb verb = *argument != '\0' && argument[1] == 'C' ?
	    MAILIN_VERB_XCLIENT :
	    MAILIN_VERB_XFORWARD;
	const char *name = argument + strcspn(argument, " ");
	struct mailin_span word = { name + 1, strcspn(name + 1, " ") };
	const char *value = word.ptr + word.len;
	int i = 0;

	while (i < MAILIN_ATTRIBUTE_COUNT &&
	    !mailin_span_equal(word,
		mailin_attribute_name((enum mailin_attribute)i)))
		i++;
	expect_span(play,
	    mailin_session_attribute(play->session, verb,
		(enum mailin_attribute)i),
	    value + (*value == ' '));
}

/* Read the output without sending it. */
static void
call_show(struct play *play, const char *argument)
{
	(void)argument;
	play_settle(play);
	(void)mailin_session_output(play->session);
}

static void
call_send(struct play *play, const char *argument)
{
	size_t len = strtoul(argument, NULL, 10);
	struct mailin_span out = mailin_session_output(play->session);

	if (out.len < len) {
		play_fail(play, "there are only %zu octets", out.len);
		return;
	}
	out.len = len;
	text_add_span(&play->received, out);
	(void)mailin_session_sent(play->session, len);
}

static void
call_memory(struct play *play, const char *argument)
{
	play->transcript->has_memory = strcmp(argument, "back") == 0;
}

/* clang-format off */
static const struct call calls[] = {
	{ "tls",        call_tls },
	{ "tls_failed", call_tls_failed },
	{ "expect_proxy", call_expect_proxy },
	{ "expect_tls", call_expect_tls },
	{ "eof",        call_eof },
	{ "timed_out",  call_timed_out },
	{ "shutdown",   call_shutdown },
	{ "abort",      call_abort },
	{ "resume",     call_resume },
	{ "silent",     call_silent },
	{ "closed",     call_closed },
	{ "want",       call_want },
	{ "identity",   call_identity },
	{ "protocol",   call_protocol },
	{ "peer",       call_peer },
	{ "proxy",      call_proxy },
	{ "told",       call_told },
	{ "timeout",    call_timeout },
	{ "inside",     call_inside },
	{ "show",       call_show },
	{ "send",       call_send },
	{ "memory",     call_memory },
};
/* clang-format on */

void
play_call(struct play *play, const char *call)
{
	size_t i, len = strcspn(call, " ");
	struct mailin_span name = { call, len };
	const char *argument = call + len + (call[len] == ' ');

	for (i = 0; i < sizeof calls / sizeof calls[0]; i++)
		if (mailin_span_equal(name, calls[i].name)) {
			calls[i].run(play, argument);
			return;
		}
	play_fail(play, "no such call");
}
