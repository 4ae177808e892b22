/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript/transcript.h"

/* The client of a transcript, which sends octets, waits, and compares the
 * replies. */

void
play_resume(struct play *play, uint64_t token, const struct verdict *verdict)
{
	enum mailin_reply reply = play_format(play, verdict);
	enum mailin_error error = mailin_session_resume(play->session, token,
	    reply);

	if (error != MAILIN_OK)
		play_wrong(play, "resume: %s", mailin_error_text(error));
	else if (mailin_session_resume(play->session, token, reply) !=
	    MAILIN_ERROR_STALE)
		play_wrong(play, "a decision may be resumed twice");
}

/* Resume the pending decisions in reverse order.  The session must still send
 * the replies in the order of the commands. */
void
play_settle(struct play *play)
{
	size_t i = play->pending_count;

	while (i-- > 0) {
		struct pending pending = play->pending[i];

		if (pending.verdict == NULL)
			continue;
		play->pending_count--;
		memmove(&play->pending[i], &play->pending[i + 1],
		    (play->pending_count - i) * sizeof pending);
		if (!play->closed)
			play_resume(play, pending.token, pending.verdict);
		i = play->pending_count;
	}
}

/* Returns the next output.  If there is no output, first resumes pending
 * decisions. */
static struct mailin_span
next_output(struct play *play)
{
	const struct mode *mode = &play->transcript->run.mode;
	struct mailin_span out = mailin_session_output(play->session);

	if (play->pending_count > 0) {
		play_settle(play);
		out = mailin_session_output(play->session);
	}
	if (mode->split == SPLIT_OCTETS && out.len > 1)
		out.len = 1;
	if (mode->drain > 0 && out.len > mode->drain)
		out.len = mode->drain;
	return out;
}

void
play_drain(struct play *play)
{
	struct mailin_span out;

	while ((out = next_output(play)).len > 0 && !play->failed) {
		text_add_span(&play->received, out);
		if (mailin_session_sent(play->session, out.len) != MAILIN_OK)
			play_wrong(play, "sent() refuses octets from output()");
	}
}

/* Feed a copy of the octets, and free it after the call. */
static size_t
feed(struct play *play, const char *octets, size_t len)
{
	enum edge edge = play->transcript->run.mode.edge;
	size_t used = mailin_session_feed(play->session,
	    edge_octets(edge, octets, len), len);

	edge_leave();
	play->transcript->run.octets += used;
	if (used > len ||
	    (used < len &&
		mailin_session_want(play->session) == MAILIN_WANT_INPUT))
		play_wrong(play, "feed took %zu octets of %zu", used, len);
	return used;
}

/* Feed octets until all are consumed, or the session takes no more. */
static void
offer(struct play *play, const char *octets, size_t len)
{
	size_t used, idle = 0;

	while (!play->failed) {
		used = feed(play, octets, len);
		play_settle(play);
		octets += used;
		len -= used;
		idle = used > 0 ? 0 : idle + 1;
		if (len == 0)
			return;
		if (idle > 8) {
			play_fail(play, "octets are not taken");
			return;
		}
		switch (mailin_session_want(play->session)) {
		case MAILIN_WANT_CLOSE:
			return;
		case MAILIN_WANT_TLS:
			/* The other octets belong to the TLS handshake. */
			if (play->transcript->tls_expected)
				return;
			break;
		case MAILIN_WANT_OUTPUT:
			play_drain(play);
			break;
		case MAILIN_WANT_DECISION:
			text_add(&play->held, octets, len);
			return;
		default:
			break;
		}
	}
}

static size_t
piece(const struct play *play, const char *octets, size_t len)
{
	const struct run *run = &play->transcript->run;
	const char *lf;

	switch (run->mode.split) {
	case SPLIT_LINES:
		lf = memchr(octets, '\n', len);
		return lf != NULL ? (size_t)(lf - octets) + 1 : len;
	case SPLIT_OCTETS:
		return 1;
	case SPLIT_CUT:
		return run->mode.cut > run->octets &&
			run->mode.cut - run->octets < len ?
		    (size_t)(run->mode.cut - run->octets) :
		    len;
	default:
		return len;
	}
}

void
play_client(struct play *play, const char *octets, size_t len)
{
	size_t part;

	for (; len > 0 && !play->failed; octets += part, len -= part) {
		part = piece(play, octets, len);
		offer(play, octets, part);
	}
}

/* Send all C: lines up to the next line of another kind. */
static const struct step *
send_lines(struct play *play, const struct step *step, const struct step *end)
{
	const struct step *first = step;
	struct text octets = { NULL, 0 };

	if (!step->restart && step > play->transcript->steps &&
	    step[-1].kind == STEP_SERVER && play->received.len > 0)
		play_fail(play, "not expected: %s",
		    text_show(play->received.octets, play->received.len));
	for (; step < end && step->kind == STEP_CLIENT &&
	     (step == first || !step->restart);
	     step++)
		text_add_span(&octets,
		    (struct mailin_span){ step->text.octets, step->text.len });
	play_client(play, octets.octets, octets.len);
	text_free(&octets);
	return step;
}

/* Compare one line.  Compare several lines if the expected text has a CR LF as
 * an escape. */
static void
expect_reply(struct play *play, const struct text *expected)
{
	const struct text *received = &play->received;
	struct text line = { NULL, 0 };
	const char *end;

	play_drain(play);
	if (play->transcript->run.has_changed) {
		play_check_replies(play);
		text_drop(&play->received, play->received.len);
		return;
	}
	text_add(&line, expected->octets, expected->len);
	text_add_string(&line, "\r\n");
	if (received->len >= line.len &&
	    memcmp(received->octets, line.octets, line.len) == 0) {
		text_drop(&play->received, line.len);
	} else {
		end = received->len > 0 ?
		    memchr(received->octets, '\r', received->len) :
		    NULL;
		play_fail(play, "expected: %s\n#     got:      %s",
		    text_show(expected->octets, expected->len),
		    end == NULL ? "nothing" :
				  text_show(received->octets,
				      (size_t)(end - received->octets)));
	}
	text_free(&line);
}

static void
expect_event(struct play *play, const struct text *expected)
{
	const struct text *event;

	if (play->event_next == play->event_count) {
		play_fail(play, "expected: %s\n#     got: no event",
		    text_show(expected->octets, expected->len));
		return;
	}
	event = &play->events[play->event_next++];
	if (!text_equal(event, expected))
		play_fail(play, "expected: %s\n#     got:      %s",
		    text_show(expected->octets, expected->len),
		    text_show(event->octets, event->len));
}

/* Bring the session to the stage at which the transcript begins. */
static void
approach(struct play *play)
{
	static const char lines[][40] = {
		[STAGE_HELO] = "HELO client.example.org\r\n",
		[STAGE_EHLO] = "EHLO client.example.org\r\n",
		[STAGE_MAIL] = "MAIL FROM:<sender@example.org>\r\n",
		[STAGE_RCPT] = "RCPT TO:<user@example.net>\r\n",
		[STAGE_DATA] = "DATA\r\n",
	};
	bool lmtp = mailin_config_policy(play->transcript->config,
			MAILIN_POLICY_PROTOCOL) == MAILIN_PROTOCOL_LMTP;
	enum stage stage, last = play->transcript->stage;

	for (stage = STAGE_GREETING; stage <= last; stage++) {
		char line[40] = "";

		if (stage == STAGE_HELO && last > STAGE_HELO)
			continue;
		memcpy(line, lines[stage], sizeof line);
		if (stage == STAGE_EHLO && lmtp)
			line[0] = 'L';
		play_client(play, line, strlen(line));
		play_drain(play);
		if (play->received.len == 0 || play->received.octets[0] > '3')
			play_fail(play, "does not reach its first stage: %s",
			    text_show(play->received.octets,
				play->received.len));
		text_drop(&play->received, play->received.len);
	}
	play->event_next = play->event_count;
}

static void
open_session(struct play *play)
{
	const struct transcript *transcript = play->transcript;
	struct mailin_peer peer = { .port = 25025 };

	play->transcript->has_memory = true;
	play_handler(transcript, &play->handler);
	play->transcript->run.counts = false;
	play->session = mailin_session_new(transcript->config, &play->handler,
	    play);
	play->transcript->run.counts = true;
	if (play->session == NULL)
		abort();
	if (transcript->peer != NULL) {
		peer.address = mailin_span_of(transcript->peer);
		mailin_session_set_peer(play->session, &peer);
	}
	if (transcript->tls)
		play_call(play, "tls");
	if (transcript->tls_expected)
		mailin_session_expect_tls(play->session);
	if (transcript->proxy)
		mailin_session_expect_proxy(play->session);
	if (transcript->stage != STAGE_NOTHING)
		approach(play);
}

/* Fail if there is output or an event that no line expects. */
static void
check_end(struct play *play)
{
	play_drain(play);
	if (play->received.len > 0)
		play_fail(play, "not expected: %s",
		    text_show(play->received.octets, play->received.len));
	else if (play->transcript->has_events &&
	    play->event_next < play->event_count)
		play_fail(play, "not expected: %s",
		    text_show(play->events[play->event_next].octets,
			play->events[play->event_next].len));
	else if (mailin_session_want(play->session) == MAILIN_WANT_CLOSE &&
	    (play->step->kind != STEP_CALL ||
		strcmp(play->step->text.octets, "closed") != 0))
		play_fail(play, "the session is closed");
}

static void
close_session(struct play *play)
{
	play_check_changed(play);
	play->ending = true;
	mailin_session_free(play->session);
	if (play->transcript->has_handler && !play->closed)
		play_wrong(play, "close was not called");
	while (play->event_count > 0)
		text_free(&play->events[--play->event_count]);
	free(play->events);
	text_free(&play->held);
	text_free(&play->received);
}

/* Play up to the next "---" or the end.  Returns the first step that was not
 * played. */
static const struct step *
play_steps(struct play *play, const struct step *step, const struct step *end)
{
	open_session(play);
	do {
		play->step = step;
		switch (step->kind) {
		case STEP_CLIENT:
			step = send_lines(play, step, end);
			continue;
		case STEP_SERVER:
			expect_reply(play, &step->text);
			break;
		case STEP_EVENT:
			expect_event(play, &step->text);
			break;
		case STEP_CALL:
			play_call(play, step->text.octets);
			break;
		}
		step++;
	} while (step < end && !step->restart && !play->failed);
	if (!play->failed)
		check_end(play);
	close_session(play);
	return step;
}

bool
play_transcript(struct transcript *transcript, const struct mode *mode)
{
	const struct step *step = transcript->steps;
	const struct step *end = step + transcript->step_count;
	bool failed = false;
	size_t blocks = transcript->run.blocks;

	transcript->run = (struct run){ .mode = *mode, .blocks = blocks };
	/* After a change, the later sessions of the transcript may differ in
	 * any way. */
	while (step < end && !failed && !transcript->run.has_changed) {
		struct play play = { .transcript = transcript };

		step = play_steps(&play, step, end);
		if (transcript->run.blocks != blocks)
			play_wrong(&play, "memory is not freed");
		failed = play.failed;
	}
	return !failed;
}
