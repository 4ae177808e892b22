/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "body.h"

#include "ascii.h"

void
mailin_body_start(struct mailin_body *body, enum mailin_bare_newline newline,
    bool dots)
{
	memset(body, 0, sizeof *body);
	body->state = BODY_LINE_START;
	body->newline = newline;
	body->dots = dots;
}

/* Note what the octets that are handed on hold. */
static void
note(struct mailin_body *body, struct mailin_span out)
{
	size_t i;

	for (i = 0; i < out.len; i++) {
		char c = out.ptr[i];

		body->facts.eight_bit |= ascii_is_eight_bit(c);
		body->facts.nul |= c == '\0';
		if (c == '\n' && body->after_cr) {
			body->column = 0;
		} else {
			/* A CR counts once it is known to be no line end. */
			body->column += (unsigned)body->after_cr + (c != '\r');
			body->facts.long_line |= body->column > 998;
		}
		body->after_cr = c == '\r';
	}
	body->facts.octets += out.len;
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
static size_t
run_length(struct mailin_body *body, const char *in, size_t len)
{
	size_t at = 0;

	while (at < len) {
		if (body->state == BODY_LINE_START && body->dots &&
		    in[at] == '.') {
			body->state = BODY_DOT;
			return at;
		}
		body->state = BODY_TEXT;
		while (at < len && in[at] != '\r' && in[at] != '\n')
			at++;
		if (at == len || in[at] == '\n')
			return at;
		if (at + 1 == len || in[at + 1] != '\n') {
			body->state = BODY_CR;
			return at;
		}
		body->state = BODY_LINE_START;
		at += 2;
	}
	return at;
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
    struct mailin_span *out)
{
	size_t used;

	*out = (struct mailin_span){ NULL, 0 };
	if (len == 0 || body->state == BODY_ENDED)
		return 0;
	if (is_holding(body)) {
		used = read_held(body, in[0], out);
	} else {
		used = run_length(body, in, len);
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
	size_t used = step(body, in, len, out);

	note(body, *out);
	return used;
}

size_t
mailin_body_skip(struct mailin_body *body, const char *in, size_t len)
{
	struct mailin_span out;

	return step(body, in, len, &out);
}

void
mailin_body_finish(struct mailin_body *body, struct mailin_span *out)
{
	*out = (struct mailin_span){ NULL, 0 };
	if (body->state == BODY_CR)
		*out = bare_newline(body, '\r');
	note(body, *out);
	/* A CR at the very end is no line end any more. */
	body->facts.long_line |= body->column + body->after_cr > 998;
}
