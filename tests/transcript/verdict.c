/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript/transcript.h"

/* The server's side of a transcript: logs events and gives verdicts. */

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

	for (i = 0; i < transcript->choice_count; i++) {
		struct choice *choice = &transcript->choices[i];

		if (strcmp(choice->callback, callback) == 0 &&
		    is_argument(choice, argument)) {
			choice->is_used = true;
			return &choice->verdict;
		}
	}
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

/* Free the session.  This takes effect when the call that runs the callback
 * returns.  A closed session then replaces it, because the client may go on. */
static void
free_session(struct play *play)
{
	static const struct mailin_handler no_handler = {
		.size = sizeof no_handler
	};
	struct transcript *transcript = play->transcript;
	bool has_memory = transcript->has_memory;

	transcript->has_memory = true;
	transcript->run.has_changed = true;
	transcript->run.counts = false;
	play->pending_count = 0;
	mailin_session_free(play->session);
	play->session = mailin_session_new(transcript->config, &no_handler,
	    NULL);
	transcript->run.counts = true;
	if (play->session == NULL)
		abort();
	transcript->has_memory = has_memory;
	(void)mailin_session_abort(play->session, MAILIN_CLOSE_ABORT);
}

void
play_called(struct play *play)
{
	struct run *run = &play->transcript->run;

	if (!play->ending && ++run->callbacks == run->mode.at &&
	    run->mode.change == CHANGE_FREE)
		free_session(play);
}

/* Returns true if this decision is the one that must change. */
static bool
is_changed(struct play *play, enum change change)
{
	const struct run *run = &play->transcript->run;

	return run->mode.change == change && run->decisions == run->mode.at &&
	    !play->ending;
}

enum mailin_reply
play_answer(struct play *play, const struct verdict *verdict)
{
	bool put_off = verdict->kind == VERDICT_REPLY &&
	    verdict->reply == MAILIN_REPLY_PENDING;
	struct run *run = &play->transcript->run;
	bool in_message = play->in_message;

	play->in_message = false;
	run->decisions++;
	play_called(play);
	if (run->mode.change == CHANGE_FREE && run->has_changed)
		return MAILIN_REPLY_OK;
	if (is_changed(play, CHANGE_FAIL) || is_changed(play, CHANGE_CLOSE)) {
		run->has_changed = true;
		run->must_close = !in_message;
		return run->mode.change == CHANGE_FAIL ?
		    MAILIN_REPLY_FAILED :
		    MAILIN_REPLY_NO_SERVICE;
	}
	if (!put_off && !run->mode.later && !is_changed(play, CHANGE_LATER))
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
