/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_LINE_H
#define MAILIN_SRC_LINE_H

#include <mailin/span.h>

#include "octet/ascii.h"
#include "octet/memory.h"

/*
 * Cuts the stream into lines.  A line that is whole in the caller's octets is
 * not copied; one that came in pieces is put together here.  This file knows
 * line ends, lengths, and the first words that show another protocol, but not
 * commands.
 */

enum mailin_line_result {
	LINE_PARTIAL,
	LINE_WHOLE,
	LINE_TOO_LONG,      /* found at its CR LF; the line is dropped */
	LINE_AUTH_TOO_LONG, /* too long, and it is AUTH or a response */
	LINE_BAD_BDAT,      /* BDAT, too long or no memory: the size of
	                       the chunk is unknown */
	LINE_BARE_LF,       /* found at the LF, even while skipping */
	LINE_FOREIGN,       /* HTTP or TLS, found at the first word */
	LINE_NO_MEMORY      /* found at its CR LF; the line is dropped */
};

struct mailin_line {
	struct mailin_buffer carry;     /* a line that comes in pieces */
	enum mailin_line_result reason; /* of skipping: the result at the end */
	bool skipping;                  /* the rest of the line is dropped */
	bool after_cr;                  /* the last octet so far was a CR */
	bool given;                     /* the caller still uses the carry */
};

struct mailin_line_rules {
	size_t limit;      /* octets before CR LF */
	size_t auth_limit; /* octets of an AUTH line or a response */
	bool is_response;  /* the line is a response to a 334 */
};

/*
 * Read from in to the end of the line at most.  Returns the octets read.  With
 * LINE_WHOLE, out is the line with its CR LF: in the octets at in, or in the
 * carry until the next call.  With LINE_BARE_LF, out is the line before the LF,
 * or absent if it was not kept.  With other results out has no meaning.
 */
size_t mailin_line_read(struct mailin_line *line,
    const struct mailin_allocator *allocator,
    const struct mailin_line_rules *rules, const char *in, size_t len,
    struct mailin_span *out, enum mailin_line_result *result);

/* True if the next octets begin a line, and nothing of it is stored. */
static inline bool
mailin_line_is_new(const struct mailin_line *line)
{
	return line->carry.len == 0 && !line->given && !line->skipping;
}

/* wipe: overwrite and empty the carry.  free: give back its memory as well. */
void mailin_line_wipe(struct mailin_line *line);
void mailin_line_free(struct mailin_line *line,
    const struct mailin_allocator *allocator);

/* True if the line begins with this verb, in any case; if less than four octets
 * have come, true if the verb can still follow.  verb is in capitals and has
 * four letters. */
bool mailin_line_begins(struct mailin_span line, const char *verb);

static inline bool
mailin_line_is_auth(struct mailin_span line)
{
	return line.len > 0 && ascii_upper(line.ptr[0]) == 'A' &&
	    mailin_line_begins(line, "AUTH");
}

/* True if the line begins with AUTH, even after blanks.  With blanks it is not
 * a valid command, but it still holds a secret. */
bool mailin_line_is_secret(struct mailin_span line);

#endif
