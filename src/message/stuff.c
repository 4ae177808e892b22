/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/stuff.h>

#include "octet/span.h"

enum {
	LINE_START = 0, /* MAILIN_STUFF_INIT */
	AFTER_DOT,      /* at a line start; the added dot was written */
	IN_LINE,
	AFTER_CR /* the CR is held back */
};

/* Returns the offset of the first CR or LF at or after the offset "at", or the
 * length of "in" if there is none. */
static size_t
find_newline(struct mailin_span in, size_t at)
{
	const char *lf = memchr(in.ptr + at, '\n', in.len - at);
	size_t end = lf != NULL ? (size_t)(lf - in.ptr) : in.len;
	const char *cr = memchr(in.ptr + at, '\r', end - at);

	return cr != NULL ? (size_t)(cr - in.ptr) : end;
}

/* Returns how many octets at the start of "in" need no change.  The octet after
 * them is a dot that must be doubled, a bare LF, or a CR that no LF follows. */
static size_t
run_length(int *state, struct mailin_span in)
{
	size_t at = 0, end;

	for (;;) {
		if (*state == LINE_START && at < in.len && in.ptr[at] == '.')
			return at;
		end = find_newline(in, at);
		if (end > at)
			*state = IN_LINE;
		at = end;
		if (in.len - at < 2 || in.ptr[at] == '\n' ||
		    in.ptr[at + 1] != '\n')
			return at;
		*state = LINE_START;
		at += 2;
	}
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
	*out = (struct mailin_span){ in->ptr, run_length(&stuff->state, *in) };
	advance(in, out->len);
	if (out->len > 0)
		return MAILIN_OK;
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
