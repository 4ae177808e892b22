/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "support/decoder.h"

void
decoder_put(struct decoded *decoded, const char *octets, size_t len)
{
	if (decoded->refused || len == 0)
		return;
	if (len > sizeof decoded->octets - decoded->len)
		abort(); /* the buffer is too small */
	memcpy(decoded->octets + decoded->len, octets, len);
	decoded->len += len;
}

static void
put_bare(struct decoded *decoded, char c, enum mailin_bare_newline newline)
{
	if (decoded->refused)
		return;
	if (c == '\r')
		decoded->facts.bare_cr = true;
	else
		decoded->facts.bare_lf = true;
	if (newline == MAILIN_BARE_NEWLINE_REJECT)
		decoded->refused = true;
	else if (newline == MAILIN_BARE_NEWLINE_PRESERVE)
		decoder_put(decoded, &c, 1);
	else if (c == '\r')
		decoder_put(decoded, " ", 1);
	else
		decoder_put(decoded, "\r\n", 2);
}

/* begins() returns true if the rest of the stream begins with the text.
 * may_become() returns true if the text begins with the rest of the stream, so
 * that more octets may complete it. */
static bool
begins(struct mailin_span left, const char *text)
{
	return left.len >= strlen(text) &&
	    memcmp(left.ptr, text, strlen(text)) == 0;
}

static bool
may_become(struct mailin_span left, const char *text)
{
	return left.len < strlen(text) && memcmp(left.ptr, text, left.len) == 0;
}

static void
find_facts(struct decoded *decoded)
{
	struct mailin_facts *facts = &decoded->facts;
	size_t i, column = 0;

	facts->octets = decoded->len;
	for (i = 0; i < decoded->len; i++) {
		const char *c = decoded->octets + i;

		if ((unsigned char)*c > 127)
			facts->eight_bit = true;
		if (*c == '\0')
			facts->nul = true;
		if (begins((struct mailin_span){ c, decoded->len - i },
			"\r\n")) {
			column = 0;
			i++;
		} else if (++column > 998) {
			facts->long_line = true;
		}
	}
}

void
decoder_run(struct decoded *decoded, struct mailin_span stream,
    enum mailin_bare_newline newline, bool dots, bool last)
{
	struct mailin_span left = stream;
	bool line_start = true;

	decoded->len = 0;
	decoded->ended = decoded->refused = false;
	memset(&decoded->facts, 0, sizeof decoded->facts);
	while (left.len > 0 && !decoded->ended) {
		size_t used = 1;

		if (dots && line_start && begins(left, ".\r\n")) {
			decoded->ended = true;
			used = 3;
		} else if ((dots && line_start && may_become(left, ".\r\n")) ||
		    (!last && may_become(left, "\r\n"))) {
			used = left.len; /* the next octet decides */
		} else if (dots && line_start && *left.ptr == '.') {
			line_start = false;
		} else if (begins(left, "\r\n")) {
			decoder_put(decoded, "\r\n", 2);
			used = 2;
			line_start = true;
		} else {
			if (*left.ptr == '\r' || *left.ptr == '\n')
				put_bare(decoded, *left.ptr, newline);
			else
				decoder_put(decoded, left.ptr, 1);
			line_start = false;
		}
		left.ptr += used;
		left.len -= used;
	}
	decoded->used = stream.len - left.len;
	find_facts(decoded);
}

size_t
decoder_stuff(struct mailin_span m, char *out)
{
	size_t i, len = 0;

	for (i = 0; i < m.len; i++) {
		if (m.ptr[i] == '.' &&
		    (i == 0 ||
			(i > 1 && memcmp(m.ptr + i - 2, "\r\n", 2) == 0)))
			out[len++] = '.';
		out[len++] = m.ptr[i];
	}
	memcpy(out + len, ".\r\n", 3);
	return len + 3;
}
