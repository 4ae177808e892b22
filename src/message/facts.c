/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/ascii.h"
#include "message/facts.h"

/* Returns the length of the lines at the start of "out" that the search
 * (text.h) knows to be short. */
static size_t
short_lines(struct mailin_span out, const struct mailin_text_seen *seen)
{
	return seen->short_until < out.len ?
	    mailin_text_lines(out.ptr, seen->short_until) :
	    seen->line;
}

/*
 * Returns true if a line is too long.  A line that ends within the next
 * MAILIN_TEXT_LINE + 2 octets is not too long.  So find the last line end among
 * these octets, and go on after it.  Lines that the search (text.h) knows to be
 * short are skipped, so few octets are read here.
 */
static bool
has_long_line(struct mailin_span out, size_t column,
    const struct mailin_text_seen *seen)
{
	size_t room = MAILIN_TEXT_LINE + 2 - column, at = 0, end;

	if (column + MAILIN_TEXT_SHORT <= MAILIN_TEXT_LINE)
		at = short_lines(out, seen);
	if (at > 0)
		room = MAILIN_TEXT_LINE + 2;
	while (out.len - at > room) {
		end = mailin_text_lines(out.ptr + at, room);
		if (end == 0)
			return true;
		at += end;
		if (at < seen->short_until)
			at = short_lines(out, seen);
		room = MAILIN_TEXT_LINE + 2;
	}
	return false;
}

/* Store the column.  If the line is too long, note that, and store 0
 * instead. */
static void
set_column(struct mailin_body *body, size_t column)
{
	body->facts.long_line |= column > MAILIN_TEXT_LINE;
	body->column = column > MAILIN_TEXT_LINE ? 0 : column;
}

void
mailin_body_note_lines(struct mailin_body *body, struct mailin_span out)
{
	const struct mailin_text_seen *seen = &body->seen;

	if (!body->facts.long_line)
		body->facts.long_line = has_long_line(out, body->column, seen);
	set_column(body,
	    seen->line > 0 ? out.len - seen->line : body->column + out.len);
}

void
mailin_body_note_odd(struct mailin_body *body, struct mailin_span out)
{
	struct mailin_facts *facts = &body->facts;
	size_t i;

	if (body->seen.nul && !facts->nul)
		facts->nul = memchr(out.ptr, '\0', out.len) != NULL;
	if (!body->seen.eight_bit)
		return;
	for (i = 0; i < out.len && !facts->eight_bit; i++)
		facts->eight_bit = ascii_is_eight_bit(out.ptr[i]);
}

void
mailin_body_note_made(struct mailin_body *body, struct mailin_span out)
{
	body->facts.octets += out.len;
	/* Only CR LF ends a line. */
	set_column(body, out.len > 1 ? 0 : body->column + out.len);
}
