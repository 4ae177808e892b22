/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_BODY_FACTS_H
#define MAILIN_SRC_BODY_FACTS_H

#include "message/body.h"

/*
 * What is found out about a message on its way, from the octets that are
 * handed on: how many there are, the column, and what text.h has seen.
 */

#define LINE_MOST MAILIN_TEXT_LINE

/* Longer lines may be among them, for so many have come. */
void mailin_body_note_lines(struct mailin_body *body, struct mailin_span out);

/* A NUL or an octet above 127 may be among them. */
void mailin_body_note_odd(struct mailin_body *body, struct mailin_span out);

/* A line end, or what stands for a bare newline. */
void mailin_body_note_made(struct mailin_body *body, struct mailin_span out);

/* Text as it came; body->sights is of it. */
static inline void
mailin_body_note_text(struct mailin_body *body, struct mailin_span out)
{
	const struct mailin_sights *sights = &body->sights;

	body->facts.octets += out.len;
	if (body->column + out.len > LINE_MOST)
		mailin_body_note_lines(body, out);
	else if (sights->line > 0)
		body->column = out.len - sights->line;
	else
		body->column += out.len;
	if (sights->nul || sights->eight_bit)
		mailin_body_note_odd(body, out);
}

#endif
