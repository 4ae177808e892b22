/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_BODY_H
#define MAILIN_SRC_BODY_H

#include <mailin/config.h>
#include <mailin/session.h>

#include "octet/clear.h"
#include "message/text.h"

/*
 * Decodes the octets of a message that DATA or BDAT carry.  This file knows
 * dots, newlines and the end of data, but no commands, replies or handlers.
 *
 * RFC 5321 4.1.1.4 and 4.5.2: after DATA the message ends at the first CR LF .
 * CR LF, where the CR LF of the DATA line counts; a dot is removed directly
 * after a CR LF and nowhere else.  A bare CR or LF is no line end (2.3.8).
 * Chunks of BDAT have no stuffed dots and no end of data (RFC 3030 2).
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
	bool dots;      /* DATA */
	bool refused;   /* REJECT has met a bare newline */
	uint8_t pieces; /* short pieces in a row */
	uint16_t lull;  /* octets since the last short piece */
	const struct mailin_text_width *text;
	struct mailin_text_seen seen; /* facts of the last text handed on */
	size_t column;                /* octets of the present line */
	struct mailin_facts facts;
};

/* Begin a message: with dots and an end of data (DATA) or without (BDAT). */
void mailin_body_start(struct mailin_body *body,
    enum mailin_bare_newline newline, bool dots, enum mailin_vector vector);

/* No message is being read. */
static inline void
mailin_body_clear(struct mailin_body *body)
{
	clear(body, sizeof *body);
}

/*
 * Read from in, and return the octets read.  This is 0 after the end of data,
 * and if octets that were held back come out first.  out becomes the octets to
 * hand on: a piece of in, a constant, or often nothing.  Look at state
 * (BODY_ENDED) and refused after each call; if refused is set, out ends before
 * the octet that was refused.  The facts describe the octets handed on; bare
 * newlines are counted before they are converted.
 */
size_t mailin_body_read(struct mailin_body *body, const char *in, size_t len,
    struct mailin_span *out);

/* A longer line gains little by the functions below. */
#define MAILIN_LINE_OCTETS 128

/*
 * Return true if in is one line with its CR LF, of ordinary octets: programs
 * that read line by line feed such pieces.  Call mailin_body_is_plain() only
 * after mailin_body_is_line() has returned true; both may return false for a
 * line that is ordinary.
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

/* The line has been read, and is handed on as it is. */
static inline void
mailin_body_note_line(struct mailin_body *body, size_t len)
{
	body->facts.octets += len;
}

/*
 * Every piece costs a call of the handler.  So after MAILIN_GATHER_AFTER pieces
 * in a row of less than MAILIN_GATHER_SHORT octets the text is dense: pieces
 * are gathered, until MAILIN_GATHER_LULL octets have come with nothing to
 * change.
 */
#define MAILIN_GATHER_SHORT 512
#define MAILIN_GATHER_AFTER 4    /* pieces */
#define MAILIN_GATHER_LULL  1024 /* octets */

static inline bool
mailin_body_is_dense(const struct mailin_body *body)
{
	return body->pieces >= MAILIN_GATHER_AFTER;
}

/*
 * Read dense text as mailin_body_read() does, but write the octets to hand on
 * to room, which has size octets, at least MAILIN_TEXT_ROOM.  out is in room.
 */
size_t mailin_body_gather(struct mailin_body *body, const char *in, size_t len,
    char *room, size_t size, struct mailin_span *out);

/* Read from a refused message, of which nothing is handed on.  Returns the
 * octets read. */
size_t mailin_body_skip(struct mailin_body *body, const char *in, size_t len);

/* Read one octet that is not ordinary text, or any octet while something is
 * held back (for gather.c).  Returns 1, or 0 if it must be read again. */
size_t mailin_body_octet(struct mailin_body *body, char octet,
    struct mailin_span *out);

/* The last chunk of BDAT has been read: out becomes what was held back. */
void mailin_body_finish(struct mailin_body *body, struct mailin_span *out);

#endif
