/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/ascii.h"
#include "message/facts.h"

/* The octets of the lines that text.h knows to be short. */
static size_t
short_lines(struct mailin_span out, const struct mailin_sights *sights)
{
	return sights->dense < out.len ?
	    mailin_text_lines(out.ptr, sights->dense) :
	    sights->line;
}

/*
 * Is there a line that is too long?  No line that ends within the octets that
 * the first of them may have is; so look for the last such end, and go on
 * behind it, or behind what is short: few octets are looked at.
 */
static bool
has_long_line(struct mailin_span out, size_t column,
    const struct mailin_sights *sights)
{
	size_t room = LINE_MOST + 2 - column, at = 0, end;

	if (column + MAILIN_TEXT_SHORT <= LINE_MOST)
		at = short_lines(out, sights);
	if (at > 0)
		room = LINE_MOST + 2;
	while (out.len - at > room) {
		end = mailin_text_lines(out.ptr + at, room);
		if (end == 0)
			return true;
		at += end;
		if (at < sights->dense)
			at = short_lines(out, sights);
		room = LINE_MOST + 2;
	}
	return false;
}

/* The column that a line has got to, unless it is too long already. */
static void
set_column(struct mailin_body *body, size_t column)
{
	body->facts.long_line |= column > LINE_MOST;
	body->column = column > LINE_MOST ? 0 : column;
}

void
mailin_body_note_lines(struct mailin_body *body, struct mailin_span out)
{
	const struct mailin_sights *sights = &body->sights;

	if (!body->facts.long_line)
		body->facts.long_line = has_long_line(out, body->column,
		    sights);
	set_column(body,
	    sights->line > 0 ? out.len - sights->line : body->column + out.len);
}

void
mailin_body_note_odd(struct mailin_body *body, struct mailin_span out)
{
	struct mailin_facts *facts = &body->facts;
	size_t i;

	if (body->sights.nul && !facts->nul)
		facts->nul = memchr(out.ptr, '\0', out.len) != NULL;
	if (!body->sights.eight_bit)
		return;
	for (i = 0; i < out.len && !facts->eight_bit; i++)
		facts->eight_bit = ascii_is_eight_bit(out.ptr[i]);
}

void
mailin_body_note_made(struct mailin_body *body, struct mailin_span out)
{
	body->facts.octets += out.len;
	/* A LF without its CR ends no line. */
	set_column(body, out.len > 1 ? 0 : body->column + out.len);
}
