/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_BODY_FACTS_H
#define MAILIN_SRC_BODY_FACTS_H

#include "message/body.h"

/*
 * The facts of a message, which are gathered from the octets handed on: their
 * number, the column in the present line, and what text.h has seen.
 */

/* out is so long that a line in it may be too long: find out. */
void mailin_body_note_lines(struct mailin_body *body, struct mailin_span out);

/* A NUL or an octet above 127 may be in out: find out. */
void mailin_body_note_odd(struct mailin_body *body, struct mailin_span out);

/* out is a line end, or replaces a bare newline. */
void mailin_body_note_made(struct mailin_body *body, struct mailin_span out);

/* out is text that was not changed; body->seen describes it. */
static inline void
mailin_body_note_text(struct mailin_body *body, struct mailin_span out)
{
	const struct mailin_text_seen *seen = &body->seen;

	body->facts.octets += out.len;
	if (body->column + out.len > MAILIN_TEXT_LINE)
		mailin_body_note_lines(body, out);
	else if (seen->line > 0)
		body->column = out.len - seen->line;
	else
		body->column += out.len;
	if (seen->nul || seen->eight_bit)
		mailin_body_note_odd(body, out);
}

#endif
