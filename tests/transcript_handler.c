/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript.h"

/* The server of a transcript: it answers as the head says, and notes what it
 * was asked. */

static struct text *
new_event(struct play *play)
{
	play->events = realloc(play->events,
	    (play->event_count + 1) * sizeof *play->events);
	if (play->events == NULL)
		abort();
	play->events[play->event_count] = (struct text){ NULL, 0 };
	return &play->events[play->event_count++];
}

void
play_event(struct play *play, const char *format, ...)
{
	char text[65536];
	va_list arguments;

	if (play->ending)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	text_add_string(new_event(play), text);
}

/* Octets in a row are one event, however they come. */
static void
note_data(struct play *play, struct mailin_span octets)
{
	struct text *event = play->event_next < play->event_count
	    ? &play->events[play->event_count - 1] : NULL;

	if (play->ending || octets.len == 0)
		return;
	if (event == NULL || strncmp(event->octets, "data ", 5) != 0) {
		event = new_event(play);
		text_add_string(event, "data ");
	}
	text_add_span(event, octets);
}

static bool
is_argument(const struct choice *choice, struct mailin_span argument)
{
	return choice->argument == NULL ||
	    mailin_span_equal(argument, choice->argument);
}

static const struct verdict *
find_verdict(const struct play *play, const char *callback,
    struct mailin_span argument)
{
	static const struct verdict ok;
	const struct transcript *transcript = play->transcript;
	size_t i;

	for (i = 0; i < transcript->choice_count; i++)
		if (strcmp(transcript->choices[i].callback, callback) == 0 &&
		    is_argument(&transcript->choices[i], argument))
			return &transcript->choices[i].verdict;
	return &ok;
}

enum mailin_reply
play_format(struct play *play, const struct verdict *verdict)
{
	if (verdict->reply != MAILIN_REPLY_CUSTOM)
		return verdict->reply;
	return mailin_session_reply(play->session, verdict->code,
	    verdict->enhanced, "%s", verdict->text.octets);
}

/* Answer at once, or keep the verdict for play_settle. */
static enum mailin_reply
answer(struct play *play, const struct verdict *verdict)
{
	bool put_off = verdict->reply == MAILIN_REPLY_PENDING;

	if (!put_off && !play->later)
		return play_format(play, verdict);
	if (play->pending_count == sizeof play->pending /
	    sizeof play->pending[0])
		abort();
	play->pending[play->pending_count++] = (struct pending){
		mailin_session_decision(play->session),
		put_off ? NULL : verdict
	};
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
decide(struct play *play, const char *callback, struct mailin_span argument)
{
	return answer(play, find_verdict(play, callback, argument));
}

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_span address = peer != NULL ? peer->address
	    : mailin_span_of("");

	play_event(user, "connect%s%.*s", address.len > 0 ? " " : "",
	    (int)address.len, address.ptr);
	return decide(user, "connect", address);
}

static enum mailin_reply
on_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)session;
	play_event(user, "helo %s %.*s", mailin_verb_name(verb),
	    (int)helo->domain.len, helo->domain.ptr);
	return decide(user, "helo", helo->domain);
}

static enum mailin_reply
on_starttls(struct mailin_session *session, void *user)
{
	(void)session;
	play_event(user, "starttls");
	return decide(user, "starttls", mailin_span_of(""));
}

static bool
may_log_in(const struct transcript *transcript,
    const struct mailin_credentials *credentials)
{
	return transcript->authcid != NULL && mailin_span_equal(
	    credentials->authcid, transcript->authcid) && mailin_span_equal(
	    credentials->password, transcript->password);
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	static const struct verdict bad = {
		.reply = MAILIN_REPLY_BAD_CREDENTIALS
	};
	struct play *play = user;
	const struct verdict *verdict = find_verdict(play, "auth",
	    credentials->authcid);

	(void)session;
	play_event(play, "auth %s \"%.*s\" \"%.*s\" \"%.*s\"",
	    credentials->mechanism == MAILIN_MECHANISM_PLAIN
	    ? "PLAIN" : "LOGIN",
	    (int)credentials->authzid.len, credentials->authzid.ptr,
	    (int)credentials->authcid.len, credentials->authcid.ptr,
	    (int)credentials->password.len, credentials->password.ptr);
	if (verdict->reply == MAILIN_REPLY_OK &&
	    !may_log_in(play->transcript, credentials))
		verdict = &bad;
	return answer(play, verdict);
}

/* A path without its brackets. */
static struct mailin_span
mailbox(const struct mailin_path *path)
{
	struct mailin_span text = path->text;

	if (text.len > 1 && text.ptr[0] == '<') {
		text.ptr++;
		text.len -= 2;
	}
	return text;
}

static void
note_path(struct play *play, const char *name, const struct mailin_path *path,
    struct mailin_span parameters)
{
	play_event(play, "%s %.*s%s%.*s", name, (int)path->text.len,
	    path->text.ptr, parameters.len > 0 ? " " : "",
	    (int)parameters.len, parameters.len > 0 ? parameters.ptr : "");
}

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	(void)session;
	note_path(user, "mail", &mail->path, mail->parameter_text);
	return decide(user, "mail", mailbox(&mail->path));
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session;
	note_path(user, "rcpt", &rcpt->path, rcpt->parameter_text);
	return decide(user, "rcpt", mailbox(&rcpt->path));
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	struct play *play = user;

	(void)session;
	play->octets = 0;
	play_event(play, "data_start");
	return decide(play, "data_start", mailin_span_of(""));
}

/* "data 10 = NO_STORAGE": all but ten octets are too many. */
static const struct choice *
find_data_choice(const struct transcript *transcript)
{
	size_t i;

	for (i = 0; i < transcript->choice_count; i++)
		if (strcmp(transcript->choices[i].callback, "data") == 0)
			return &transcript->choices[i];
	return NULL;
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	static const struct verdict ok;
	struct play *play = user;
	const struct choice *choice = find_data_choice(play->transcript);
	uint64_t most = choice == NULL ? UINT64_MAX : choice->argument == NULL
	    ? 0 : strtoull(choice->argument, NULL, 10);
	bool fits = octets.len <= most - play->octets;

	(void)session;
	if (!fits)
		octets.len = (size_t)(most - play->octets);
	play->octets += octets.len;
	note_data(play, octets);
	return answer(play, fits ? &ok : &choice->verdict);
}

static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct play *play = user;
	struct mailin_facts facts = mailin_session_facts(session);
	struct mailin_span path = rcpt != NULL ? rcpt->path.text
	    : mailin_span_of("");

	if (facts.octets != play->octets)
		play_fail(play, "%llu octets, but the facts say %llu",
		    (unsigned long long)play->octets,
		    (unsigned long long)facts.octets);
	play_event(play, "data_end%s%.*s%s%s%s%s%s", path.len > 0 ? " " : "",
	    (int)path.len, path.ptr, facts.eight_bit ? " eight_bit" : "",
	    facts.nul ? " nul" : "", facts.bare_cr ? " bare_cr" : "",
	    facts.bare_lf ? " bare_lf" : "",
	    facts.long_line ? " long_line" : "");
	return decide(play, "data_end", rcpt != NULL ? mailbox(&rcpt->path)
	    : path);
}

static enum mailin_reply
on_text(struct play *play, const char *name,
    const struct mailin_text *argument)
{
	play_event(play, "%s%s%.*s", name, argument->text.len > 0 ? " " : "",
	    (int)argument->text.len,
	    argument->text.len > 0 ? argument->text.ptr : "");
	return decide(play, name, argument->text);
}

static enum mailin_reply
on_vrfy(struct mailin_session *session, const struct mailin_text *argument,
    void *user)
{
	(void)session;
	return on_text(user, "vrfy", argument);
}

static enum mailin_reply
on_expn(struct mailin_session *session, const struct mailin_text *argument,
    void *user)
{
	(void)session;
	return on_text(user, "expn", argument);
}

static enum mailin_reply
on_help(struct mailin_session *session, const struct mailin_text *argument,
    void *user)
{
	(void)session;
	return on_text(user, "help", argument);
}

static enum mailin_reply
on_etrn(struct mailin_session *session, const struct mailin_text *argument,
    void *user)
{
	(void)session;
	return on_text(user, "etrn", argument);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	static const char names[][10] = {
		[MAILIN_RESET_RSET] = "RSET", [MAILIN_RESET_HELO] = "HELO",
		[MAILIN_RESET_STARTTLS] = "STARTTLS",
		[MAILIN_RESET_REFUSED] = "REFUSED",
		[MAILIN_RESET_CLOSED] = "CLOSED",
	};

	(void)session;
	play_event(user, "reset %s", names[reason]);
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	static const char names[][12] = {
		[MAILIN_CLOSE_QUIT] = "QUIT", [MAILIN_CLOSE_EOF] = "EOF",
		[MAILIN_CLOSE_REFUSED] = "REFUSED",
		[MAILIN_CLOSE_TIMEOUT] = "TIMEOUT",
		[MAILIN_CLOSE_SHUTDOWN] = "SHUTDOWN",
		[MAILIN_CLOSE_LIMIT] = "LIMIT",
		[MAILIN_CLOSE_EARLY_TALK] = "EARLY_TALK",
		[MAILIN_CLOSE_PROTOCOL] = "PROTOCOL",
		[MAILIN_CLOSE_ABORT] = "ABORT", [MAILIN_CLOSE_TLS] = "TLS",
		[MAILIN_CLOSE_MEMORY] = "MEMORY",
	};
	struct play *play = user;

	(void)session;
	if (play->closed)
		play_fail(play, "close is called twice");
	play->closed = true;
	play_event(play, "close %s", names[reason]);
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	(void)session;
	play_event(user, "%s %.*s", direction == MAILIN_TRACE_IN ? "in"
	    : "out", (int)line.len, line.len > 0 ? line.ptr : "");
}

#define CALLBACKS \
	.size = sizeof (struct mailin_handler), \
	.connect = on_connect, .helo = on_helo, .starttls = on_starttls, \
	.auth = on_auth, .mail = on_mail, .rcpt = on_rcpt, \
	.data_start = on_data_start, .data = on_data, \
	.data_end = on_data_end, .vrfy = on_vrfy, .expn = on_expn, \
	.help = on_help, .etrn = on_etrn, .reset = on_reset, .close = on_close

const struct mailin_handler play_handler = { CALLBACKS };
const struct mailin_handler play_handler_tracing = {
	CALLBACKS, .trace = on_trace
};
const struct mailin_handler play_handler_empty = {
	.size = sizeof (struct mailin_handler)
};
