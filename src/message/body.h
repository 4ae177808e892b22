/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_BODY_H
#define MAILIN_SRC_BODY_H

#include <string.h>

#include <mailin/config.h>
#include <mailin/session.h>

#include "message/text.h"

/*
 * Decodes the octets that come after DATA or BDAT, and hands on (returns to its
 * caller) the octets of the message.  This file knows dots, newlines and the
 * end of data, but no commands, replies or handlers.
 *
 * RFC 5321 4.1.1.4 and 4.5.2: after DATA the message ends at the first CR LF .
 * CR LF.  The first CR LF of these may be the end of the DATA line.  A dot
 * directly after a CR LF is a "stuffed" dot and is removed; no other dot is
 * removed.  A bare CR or LF is no line end (2.3.8).  Chunks of BDAT have no
 * stuffed dots and no end of data (RFC 3030 2).
 *
 * An octet is held back if later octets, which have not come yet, decide
 * whether it is handed on.
 */

enum mailin_body_state {
	BODY_LINE_START = 0, /* after CR LF, or at the start */
	BODY_DOT,            /* CR LF .         the dot is held back */
	BODY_DOT_CR,         /* CR LF . CR      both are held back */
	BODY_TEXT,
	BODY_CR,   /* a CR is held back: it may be bare */
	BODY_ENDED /* CR LF . CR LF */
};

struct mailin_body {
	enum mailin_body_state state;
	enum mailin_bare_newline newline;
	bool dots;      /* true: DATA, whose lines have stuffed dots; false:
			   BDAT */
	bool refused;   /* a bare newline was found, and the policy is REJECT */
	uint8_t pieces; /* how many short pieces in a row there were */
	uint16_t lull;  /* octets since the last short piece */
	const struct mailin_text_width *text;
	struct mailin_text_seen seen; /* about the last text handed on */
	size_t column;                /* octets of the current line so far */
	struct mailin_facts facts;
};

/* Begin a message of DATA (with stuffed dots and an end of data) or of BDAT. */
void mailin_body_start(struct mailin_body *body,
    enum mailin_bare_newline newline, bool dots, enum mailin_vector vector);

/*
 * Read octets from "in".  Returns how many were read.  This is 0 after the end
 * of data, or if octets that were held back are handed on first.  *out becomes
 * the octets to hand on: a part of "in", a constant, or often nothing.  After
 * each call look at body->state (BODY_ENDED) and body->refused.  If refused is
 * set, *out ends before the refused octet.  The facts describe the octets
 * handed on; a bare newline counts even if it is then converted.
 */
size_t mailin_body_read(struct mailin_body *body, const char *in, size_t len,
    struct mailin_span *out);

/* The maximum length of a line for the two functions below: they save little
 * time for longer lines. */
#define MAILIN_LINE_OCTETS 128

/*
 * A short cut for programs that feed line by line.  Both functions return true
 * if "in" is one line, with its CR LF, and needs no change.  Call
 * mailin_body_is_plain() only after mailin_body_is_line() has returned true.
 * Each of them may return false even for a line that needs no change.
 */
static inline bool
mailin_body_is_line(const struct mailin_body *body, const char *in, size_t len)
{
	return len - 2 <= MAILIN_LINE_OCTETS &&
	    body->state == BODY_LINE_START &&
	    memcmp(in + len - 2, "\r\n", 2) == 0 &&
	    (in[0] != '.' || !body->dots);
}

static inline bool
mailin_body_is_plain(const struct mailin_body *body, const char *in, size_t len)
{
	return body->text->is_plain(in, len - 2);
}

/*
 * Text up to the next octet that needs a change is handed on in one piece.
 * Each piece costs a call of the handler.  After MAILIN_GATHER_AFTER pieces in
 * a row that have less than MAILIN_GATHER_SHORT octets each, the text is called
 * dense.  Then the octets to hand on are gathered in a buffer, until
 * MAILIN_GATHER_LULL octets in a row needed no change.
 */
#define MAILIN_GATHER_SHORT 512
#define MAILIN_GATHER_AFTER 4
#define MAILIN_GATHER_LULL  1024

static inline bool
mailin_body_is_dense(const struct mailin_body *body)
{
	return body->pieces >= MAILIN_GATHER_AFTER;
}

/* Read dense text like mailin_body_read(), but copy the octets to hand on into
 * the buffer "room".  size is the size of this buffer, at least
 * MAILIN_TEXT_ROOM.  *out becomes a part of the buffer. */
size_t mailin_body_gather(struct mailin_body *body, const char *in, size_t len,
    char *room, size_t size, struct mailin_span *out);

/* Read octets of a refused message, and hand on nothing.  Returns the number
 * of octets read. */
size_t mailin_body_skip(struct mailin_body *body, const char *in, size_t len);

/*
 * Read one octet that is not handed on unchanged: a CR or LF, a dot that begins
 * a line, or any octet while something is held back.  Returns 1 if the octet
 * was read.  Returns 0 if octets that were held back had to be handed on or
 * dropped first; then read this octet again.
 */
/*@ predicate is_reading(struct mailin_body *body, struct mailin_span *out) =
  @   \valid(body) && \valid(out) && \separated(body, out);
  @*/
/*@ requires is_reading(body, out) && 0 <= body->state <= BODY_ENDED;
  @ requires octet == '\r' || octet == '\n' || octet == '.' ||
  @   body->state != BODY_LINE_START && body->state != BODY_TEXT;
  @ assigns *out, body->column, body->facts, body->state, body->refused;
  @ ensures 0 <= \result <= 1;
  @ ensures body->state == BODY_ENDED <==> \old(body->state) == BODY_ENDED ||
  @   \old(body->state) == BODY_DOT_CR && octet == '\n';
  @ ensures body->state == BODY_LINE_START ==>
  @   \old(body->state) == BODY_CR && octet == '\n';
  @ ensures body->state == BODY_DOT_CR ==>
  @   \old(body->state) == BODY_DOT && octet == '\r';
  @ ensures \result == 0 ==> body->state == BODY_ENDED ||
  @   body->state == BODY_TEXT || body->state == BODY_CR;
  @*/
size_t mailin_body_octet(struct mailin_body *body, char octet,
    struct mailin_span *out);

/* End a message of BDAT after its last chunk.  *out becomes the octets to hand
 * on for a CR that was held back. */
void mailin_body_finish(struct mailin_body *body, struct mailin_span *out);

#endif
