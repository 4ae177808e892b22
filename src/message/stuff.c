/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/stuff.h>

#include "message/text.h"
#include "octet/span.h"

enum {
	LINE_START = 0, /* MAILIN_STUFF_INIT */
	AFTER_DOT,      /* at a line start; the added dot was written */
	IN_LINE,
	AFTER_CR /* the CR is held back */
};

/* Returns how many octets at the start of "in" need no change.  The octet after
 * them is a dot that must be doubled, a bare LF, or a CR that no LF follows. */
static size_t
run_length(struct mailin_span in)
{
	struct mailin_text_seen seen;

	return mailin_text_of(mailin_vector_best())
	    ->search(in.ptr, in.len, true, false, &seen);
}

static void
advance(struct mailin_span *in, size_t len)
{
	in->ptr += len;
	in->len -= len;
}

enum mailin_error
mailin_stuff_feed(struct mailin_stuff *stuff, struct mailin_span *in,
    struct mailin_span *out)
{
	if (stuff == NULL || in == NULL || out == NULL || !is_span_sound(*in))
		return MAILIN_ERROR_ARGUMENT;
	*out = (struct mailin_span){ NULL, 0 };
	if (in->len == 0)
		return MAILIN_OK;
	if (stuff->state == AFTER_CR) {
		if (*in->ptr != '\n')
			return MAILIN_ERROR_SYNTAX;
		*out = mailin_span_of("\r\n");
		stuff->state = LINE_START;
		advance(in, 1);
		return MAILIN_OK;
	}
	if (stuff->state == LINE_START && *in->ptr == '.') {
		/* Write the added dot.  The next call writes the dot of the
		 * message, with the octets after it. */
		*out = mailin_span_of(".");
		stuff->state = AFTER_DOT;
		return MAILIN_OK;
	}
	*out = (struct mailin_span){ in->ptr, run_length(*in) };
	if (out->len > 0) {
		bool line_ends = out->ptr[out->len - 1] == '\n';

		stuff->state = line_ends ? LINE_START : IN_LINE;
		advance(in, out->len);
		return MAILIN_OK;
	}
	if (*in->ptr == '\n' || in->len > 1)
		return MAILIN_ERROR_SYNTAX;
	stuff->state = AFTER_CR;
	advance(in, 1);
	return MAILIN_OK;
}

enum mailin_error
mailin_stuff_end(struct mailin_stuff *stuff, struct mailin_span *out)
{
	if (stuff == NULL || out == NULL)
		return MAILIN_ERROR_ARGUMENT;
	*out = mailin_span_of(
	    stuff->state == LINE_START ? ".\r\n" : "\r\n.\r\n");
	return stuff->state == AFTER_CR ? MAILIN_ERROR_SYNTAX : MAILIN_OK;
}
