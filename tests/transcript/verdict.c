/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript/transcript.h"

/* The server's side of a transcript: it logs events and gives verdicts. */

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

void
play_event_data(struct play *play, struct mailin_span octets)
{
	struct text *event = play->event_next < play->event_count ?
	    &play->events[play->event_count - 1] :
	    NULL;

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

const struct verdict *
play_verdict(const struct play *play, const char *callback,
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
	switch (verdict->kind) {
	case VERDICT_REPLY:
		return verdict->reply;
	case VERDICT_CUSTOM:
		return mailin_session_reply(play->session, verdict->code,
		    verdict->enhanced, "%s", verdict->text.octets);
	case VERDICT_CHALLENGE:
		return mailin_session_challenge(play->session,
		    verdict->text.octets, verdict->text.len);
	case VERDICT_IDENTITY:
		if (mailin_session_set_identity(play->session,
			verdict->text.octets) != MAILIN_OK)
			play_fail(play, "no such identity");
		break;
	}
	return MAILIN_REPLY_OK;
}

enum mailin_reply
play_answer(struct play *play, const struct verdict *verdict)
{
	bool put_off = verdict->kind == VERDICT_REPLY &&
	    verdict->reply == MAILIN_REPLY_PENDING;

	if (!put_off && !play->later)
		return play_format(play, verdict);
	if (play->pending_count ==
	    sizeof play->pending / sizeof play->pending[0])
		abort();
	play->pending[play->pending_count++] = (struct pending){
		mailin_session_decision(play->session), put_off ? NULL : verdict
	};
	return MAILIN_REPLY_PENDING;
}

enum mailin_reply
play_decide(struct play *play, const char *callback,
    struct mailin_span argument)
{
	return play_answer(play, play_verdict(play, callback, argument));
}
