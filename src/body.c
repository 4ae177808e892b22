/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "body.h"

#include "ascii.h"

/* RFC 5322 2.1.1 */
#define LINE_MOST 998

void
mailin_body_start(struct mailin_body *body, enum mailin_bare_newline newline,
    bool dots, enum mailin_vector vector)
{
	memset(body, 0, sizeof *body);
	body->state = BODY_LINE_START;
	body->newline = newline;
	body->dots = dots;
	body->vector = vector;
}

/*
 * Is there a line that is too long?  No line that ends within the octets that
 * the first of them may have is; so look for the last such end, and go on
 * behind it: few octets are looked at.  Where line ends are dense only the
 * line at hand can be.
 */
static void
note_lines(struct mailin_body *body, struct mailin_span out, bool dense)
{
	size_t at = 0, end;

	while (!body->facts.long_line) {
		size_t room = LINE_MOST + 2 - body->column;

		if (out.len - at <= room)
			break;
		end = mailin_text_lines(out.ptr + at, room);
		body->facts.long_line = end == 0;
		body->column = 0;
		at += end;
		if (dense)
			break;
	}
	/* A LF without its CR ends no line. */
	end = out.len > 1 ? mailin_text_lines(out.ptr + at, out.len - at) : 0;
	if (end > 0)
		body->column = 0;
	body->column += out.len - at - end;
	body->facts.long_line |= body->column > LINE_MOST;
}

/* Which of the two is it that was seen in the text? */
static void
note_odd(struct mailin_facts *facts, struct mailin_span out)
{
	size_t i;

	if (!facts->nul)
		facts->nul = memchr(out.ptr, '\0', out.len) != NULL;
	for (i = 0; i < out.len && !facts->eight_bit; i++)
		facts->eight_bit = ascii_is_eight_bit(out.ptr[i]);
}

/*
 * A CR or LF that is no part of a CR LF has been read: what stands for it.
 * It is ordinary text for all that follows, never a line end.
 */
static struct mailin_span
bare_newline(struct mailin_body *body, char newline)
{
	bool is_cr = newline == '\r';

	body->state = BODY_TEXT;
	if (is_cr)
		body->facts.bare_cr = true;
	else
		body->facts.bare_lf = true;
	switch (body->newline) {
	case MAILIN_BARE_NEWLINE_NORMALIZE:
		return mailin_span_of(is_cr ? " " : "\r\n");
	case MAILIN_BARE_NEWLINE_REJECT:
		body->refused = true;
		break;
	case MAILIN_BARE_NEWLINE_PRESERVE:
		return mailin_span_of(is_cr ? "\r" : "\n");
	}
	return (struct mailin_span){ NULL, 0 };
}

/* Octets are held back from an earlier read: what does next make of them? */
static size_t
read_held(struct mailin_body *body, char next, struct mailin_span *out)
{
	switch (body->state) {
	case BODY_DOT:
		body->state = next == '\r' ? BODY_DOT_CR : BODY_TEXT;
		return next == '\r';
	case BODY_DOT_CR:
		/* Else the dot was a stuffed one; the CR is still open. */
		body->state = next == '\n' ? BODY_ENDED : BODY_CR;
		return next == '\n';
	default:
		if (next != '\n') {
			*out = bare_newline(body, '\r');
			return 0;
		}
		body->state = BODY_LINE_START;
		*out = mailin_span_of("\r\n");
		return 1;
	}
}

/*
 * Go through the text at in as far as it is to be handed on as it stands, and
 * answer how far that is; state says what comes there.
 */
static struct mailin_run
read_run(struct mailin_body *body, const char *in, size_t len)
{
	struct mailin_run run = { .len = 0 };

	if (body->state == BODY_LINE_START && body->dots && in[0] == '.') {
		body->state = BODY_DOT;
		return run;
	}
	run = mailin_text_span(body->vector, in, len, body->dots);
	if (run.len == len)
		body->state = in[len - 1] == '\n'
		    ? BODY_LINE_START : BODY_TEXT;
	else if (in[run.len] == '\r')
		body->state = BODY_CR;
	else if (in[run.len] == '.')
		body->state = BODY_DOT;
	else
		body->state = BODY_TEXT;
	return run;
}

static bool
is_holding(const struct mailin_body *body)
{
	return body->state == BODY_DOT || body->state == BODY_DOT_CR ||
	    body->state == BODY_CR;
}

/* Read on as mailin_body_read() does, but for the facts. */
static size_t
step(struct mailin_body *body, const char *in, size_t len,
    struct mailin_span *out, struct mailin_run *run)
{
	size_t used;

	*out = (struct mailin_span){ NULL, 0 };
	*run = (struct mailin_run){ .len = 0 };
	if (len == 0 || body->state == BODY_ENDED)
		return 0;
	if (is_holding(body)) {
		used = read_held(body, in[0], out);
	} else {
		*run = read_run(body, in, len);
		used = run->len;
		*out = (struct mailin_span){ in, used };
		if (is_holding(body)) {
			used++;
		} else if (used == 0) {
			*out = bare_newline(body, '\n');
			used = 1;
		}
	}
	return used;
}

size_t
mailin_body_read(struct mailin_body *body, const char *in, size_t len,
    struct mailin_span *out)
{
	struct mailin_run run;
	size_t used = step(body, in, len, out, &run);

	body->facts.octets += out->len;
	note_lines(body, *out, run.dense);
	if (run.odd)
		note_odd(&body->facts, *out);
	return used;
}

size_t
mailin_body_skip(struct mailin_body *body, const char *in, size_t len)
{
	struct mailin_span out;
	struct mailin_run run;

	return step(body, in, len, &out, &run);
}

void
mailin_body_finish(struct mailin_body *body, struct mailin_span *out)
{
	*out = (struct mailin_span){ NULL, 0 };
	if (body->state == BODY_CR)
		*out = bare_newline(body, '\r');
	body->facts.octets += out->len;
	note_lines(body, *out, false);
}
