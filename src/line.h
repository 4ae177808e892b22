/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_LINE_H
#define MAILIN_SRC_LINE_H

#include <mailin/span.h>

#include "ascii.h"
#include "memory.h"

/*
 * Cuts the stream into lines.  A line that lies whole in the caller's octets
 * is not copied; one that came in pieces is put together here.  Knows line
 * ends, lengths, and what is no SMTP at all; not commands.
 */

enum mailin_line_result {
	LINE_PARTIAL,
	LINE_WHOLE,
	LINE_TOO_LONG,      /* found at its CR LF; all of it is dropped */
	LINE_AUTH_TOO_LONG, /* the same, and it began with AUTH */
	LINE_BAD_BDAT,      /* the same, and it began with BDAT: how many octets
	                       follow cannot be told */
	LINE_BARE_LF,       /* found at the LF */
	LINE_FOREIGN,       /* HTTP or a TLS record, found at the first word */
	LINE_NO_MEMORY      /* found at its CR LF */
};

struct mailin_line {
	struct mailin_buffer carry;    /* a line that came in pieces */
	enum mailin_line_result reason; /* why the rest of a line is dropped */
	bool                 skipping; /* and that it is */
	bool                 after_cr; /* while skipping */
	bool                 given;    /* the carry was given out */
};

struct mailin_line_rules {
	size_t limit;       /* octets before CR LF */
	size_t auth_limit;  /* the same, of a line that begins with AUTH */
	bool   answer;      /* an answer to a challenge: auth_limit, no verbs */
};

/*
 * Read from in up to the end of a line at most; answers the octets read.  With
 * LINE_WHOLE, out is the line with its CR LF: in the octets at in, or in the
 * carry, until the next call.  With LINE_BARE_LF it is what came before, if
 * that was kept.
 */
size_t mailin_line_read(struct mailin_line *line,
    const struct mailin_allocator *allocator,
    const struct mailin_line_rules *rules, const char *in, size_t len,
    struct mailin_span *out, enum mailin_line_result *result);

/* Does a line begin with the next octets, and are they all there is of it? */
static inline bool
mailin_line_is_new(const struct mailin_line *line)
{
	return line->carry.len == 0 && !line->given && !line->skipping;
}

/* The line that was given out is done with; its octets are overwritten, and at
 * the end their memory given up. */
void mailin_line_wipe(struct mailin_line *line);
void mailin_line_free(struct mailin_line *line,
    const struct mailin_allocator *allocator);

/* True if the line begins with a verb of four letters, in any case, or as far
 * as it goes. */
bool mailin_line_begins(struct mailin_span line, const char *verb);

static inline bool
mailin_line_is_auth(struct mailin_span line)
{
	return line.len > 0 && ascii_upper(line.ptr[0]) == 'A' &&
	    mailin_line_begins(line, "AUTH");
}

/* The same behind blanks, too, where it is no command: such a line holds a
 * secret, well-formed or not. */
bool mailin_line_is_secret(struct mailin_span line);

#endif
