/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/replies.h"

#include "support/suite.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Returns the length of one reply line with its CR LF, or 0 if it is
 * malformed. */
static size_t
line_length(struct mailin_span octets)
{
	size_t i;

	if (octets.len < 6 || octets.ptr[0] < '2' || octets.ptr[0] > '5' ||
	    !is_digit(octets.ptr[1]) || !is_digit(octets.ptr[2]) ||
	    (octets.ptr[3] != ' ' && octets.ptr[3] != '-'))
		return 0;
	for (i = 4; i + 1 < octets.len && i < 511; i++) {
		if (octets.ptr[i] == '\r')
			return octets.ptr[i + 1] == '\n' ? i + 2 : 0;
		if (octets.ptr[i] < 32 || octets.ptr[i] > 126)
			return 0;
	}
	return 0;
}

size_t
replies_first(struct mailin_span octets)
{
	struct mailin_span rest = octets;
	size_t len;

	while ((len = line_length(rest)) > 0 &&
	    memcmp(rest.ptr, octets.ptr, 3) == 0) {
		bool last = rest.ptr[3] == ' ';

		rest.ptr += len;
		rest.len -= len;
		if (last)
			return octets.len - rest.len;
	}
	return 0;
}

/* Returns the length of an enhanced code and a blank at the start of text, such
 * as "5.1.1 ", or 0. */
static size_t
enhanced_length(const char *text)
{
	size_t i;

	for (i = 0; is_digit(text[i]) || text[i] == '.'; i++)
		continue;
	return i >= 5 && text[1] == '.' && text[i] == ' ' ? i + 1 : 0;
}

/* Returns the length of the enhanced code and its blank, if every line of the
 * reply has the same code, otherwise 0 (RFC 2034 4). */
static size_t
common_enhanced(struct mailin_span reply)
{
	size_t len = enhanced_length(reply.ptr + 4), at = 0;

	while (at < reply.len) {
		if (memcmp(reply.ptr + at + 4, reply.ptr + 4, len) != 0)
			return 0;
		at += line_length(
		    (struct mailin_span){ reply.ptr + at, reply.len - at });
	}
	return len;
}

const char *
replies_codes(struct mailin_span octets)
{
	static char codes[1 << 16];
	size_t used = 0, len;

	while ((len = replies_first(octets)) > 0) {
		size_t enhanced = common_enhanced(
		    (struct mailin_span){ octets.ptr, len });

		if (used + 16 > sizeof codes)
			ck_abort_msg("too many replies");
		if (used > 0)
			codes[used++] = '|';
		memcpy(codes + used, octets.ptr, 3);
		used += 3;
		if (enhanced > 0) {
			codes[used++] = ' ';
			memcpy(codes + used, octets.ptr + 4, enhanced - 1);
			used += enhanced - 1;
		}
		octets.ptr += len;
		octets.len -= len;
	}
	if (octets.len > 0)
		codes[used++] = '?';
	codes[used] = '\0';
	return codes;
}
