/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "message/body.h"
#include "message/facts.h"
#include "octet/clear.h"

void
mailin_body_start(struct mailin_body *body, enum mailin_bare_newline newline,
    bool dots, enum mailin_vector vector)
{
	clear(body, sizeof *body);
	body->newline = newline;
	body->dots = dots;
	body->text = mailin_text_of(vector);
}

/* ---- The automaton, octet by octet --------------------------------------- */

/* Hand on octets that were held back, or that replace other octets. */
/*@ requires is_reading(body, out);
  @ assigns *out, body->column, body->facts;
  @*/
static void
give(struct mailin_body *body, const char *octets, struct mailin_span *out)
{
	*out = mailin_span_of(octets);
	mailin_body_note_made(body, *out);
}

/* Treat a bare CR or LF, which has been read, as the policy says.  It is text,
 * not a line end. */
/*@ requires is_reading(body, out);
  @ assigns *out, body->column, body->facts, body->state, body->refused;
  @ ensures body->state == BODY_TEXT;
  @ ensures \old(body->refused) ==> body->refused;
  @ ensures body->newline == MAILIN_BARE_NEWLINE_REJECT ==> body->refused;
  @*/
static void
bare_newline(struct mailin_body *body, char newline, struct mailin_span *out)
{
	bool is_cr = newline == '\r';

	body->state = BODY_TEXT;
	if (is_cr)
		body->facts.bare_cr = true;
	else
		body->facts.bare_lf = true;
	switch (body->newline) {
	case MAILIN_BARE_NEWLINE_NORMALIZE:
		give(body, is_cr ? " " : "\r\n", out);
		break;
	case MAILIN_BARE_NEWLINE_REJECT:
		body->refused = true;
		break;
	case MAILIN_BARE_NEWLINE_PRESERVE:
		give(body, is_cr ? "\r" : "\n", out);
		break;
	}
}

size_t
mailin_body_octet(struct mailin_body *body, char octet, struct mailin_span *out)
{
	switch (body->state) {
	case BODY_LINE_START:
	case BODY_TEXT:
		if (octet == '\n')
			bare_newline(body, '\n', out);
		else
			body->state = octet == '\r' ? BODY_CR : BODY_DOT;
		return 1;
	case BODY_DOT:
		body->state = octet == '\r' ? BODY_DOT_CR : BODY_TEXT;
		return octet == '\r';
	case BODY_DOT_CR:
		/* If no LF follows, the dot is a stuffed one.  The CR stays
		 * held back. */
		body->state = octet == '\n' ? BODY_ENDED : BODY_CR;
		return octet == '\n';
	case BODY_CR:
		if (octet != '\n') {
			bare_newline(body, '\r', out);
			return 0;
		}
		body->state = BODY_LINE_START;
		give(body, "\r\n", out);
		return 1;
	case BODY_ENDED:
		break;
	}
	return 0;
}

/* ---- Text, many octets at a time ----------------------------------------- */

/* len octets have come, and the first "text" of these need no change.  Count
 * them as a piece (body.h).  But do not count a short piece yet if at most one
 * octet has come after it, because later octets decide whether that octet needs
 * a change. */
static inline void
count_piece(struct mailin_body *body, size_t len, size_t text)
{
	if (text >= MAILIN_GATHER_SHORT) {
		body->pieces = 0;
	} else if (text + 1 < len) {
		body->lull = 0;
		if (!mailin_body_is_dense(body))
			body->pieces++;
	}
}

/* Hand on the octets before the next octet that needs a change. */
static size_t
read_text(struct mailin_body *body, const char *in, size_t len, bool near,
    struct mailin_span *out)
{
	size_t text = body->text->search(in, len, body->dots, near,
	    &body->seen);

	count_piece(body, len, text);
	if (text > 0) {
		body->state = in[text - 1] == '\n' ? BODY_LINE_START :
						     BODY_TEXT;
		*out = (struct mailin_span){ in, text };
		mailin_body_note_text(body, *out);
	}
	return text;
}

/* Returns true if "in" begins with the end of data, and all its octets have
 * come. */
static inline bool
is_end(const struct mailin_body *body, const char *in, size_t len)
{
	return len > 2 && in[0] == '.' && in[1] == '\r' && in[2] == '\n' &&
	    body->state == BODY_LINE_START && body->dots;
}

/* Read a dot that begins a line, or the whole end of data.  Returns the number
 * of octets read.  This is 0 if the octet after the dot is missing, or is a CR
 * that no LF follows. */
static size_t
read_dot(struct mailin_body *body, const char *in, size_t len)
{
	if (is_end(body, in, len)) {
		body->state = BODY_ENDED;
		return 3;
	}
	if (len > 1 && in[1] != '\r') {
		body->state = BODY_TEXT;
		return 1;
	}
	return 0;
}

/* Read some octets.  near is true if the octet before "in" needed a change. */
static size_t
read_some(struct mailin_body *body, const char *in, size_t len, bool near,
    struct mailin_span *out)
{
	bool is_start = body->state == BODY_LINE_START;
	size_t used = 0;

	if (is_start && in[0] == '.' && body->dots)
		used = read_dot(body, in, len);
	else if (is_start || body->state == BODY_TEXT)
		used = read_text(body, in, len, near, out);
	return used > 0 ? used : mailin_body_octet(body, in[0], out);
}

static size_t
read_on(struct mailin_body *body, const char *in, size_t len,
    struct mailin_span *out)
{
	size_t at = 0;

	*out = (struct mailin_span){ NULL, 0 };
	if (len == 0 || body->state == BODY_ENDED)
		return 0;
	do {
		at += read_some(body, in + at, len - at, at > 0, out);
	} while (at < len && out->len == 0 && !body->refused &&
	    body->state != BODY_ENDED);
	/* The line "." that ends the data adds no octets to the message.  So it
	 * can be read in the same call as the text before it. */
	if (is_end(body, in + at, len - at))
		at += read_dot(body, in + at, len - at);
	return at;
}

size_t
mailin_body_read(struct mailin_body *body, const char *in, size_t len,
    struct mailin_span *out)
{
	if (!mailin_body_is_line(body, in, len) ||
	    !mailin_body_is_plain(body, in, len))
		return read_on(body, in, len, out);
	body->facts.octets += len;
	*out = (struct mailin_span){ in, len };
	return len;
}

void
mailin_body_finish(struct mailin_body *body, struct mailin_span *out)
{
	*out = (struct mailin_span){ NULL, 0 };
	if (body->state == BODY_CR)
		bare_newline(body, '\r', out);
}
