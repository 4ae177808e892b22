/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_BODY_FACTS_H
#define MAILIN_SRC_BODY_FACTS_H

#include "message/body.h"

/* The facts of a message (struct mailin_facts), gathered from the octets
 * handed on. */

/* Look for lines in "out" that are too long.  Call this if "out" is so long
 * that it may have such a line. */
void mailin_body_note_lines(struct mailin_body *body, struct mailin_span out);

/* Look for a NUL and for octets above 127 in "out".  Call this if "out" may
 * have one of these octets. */
void mailin_body_note_odd(struct mailin_body *body, struct mailin_span out);

/* Count the octets of "out", which is a line end or the replacement of a bare
 * newline. */
void mailin_body_note_made(struct mailin_body *body, struct mailin_span out);

/* Count the octets of "out".  They are text that is handed on unchanged, and
 * body->seen describes them. */
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
