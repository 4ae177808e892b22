/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_LINE_H
#define MAILIN_SRC_LINE_H

#include <mailin/span.h>

#include "octet/ascii.h"
#include "octet/memory.h"

/*
 * Cuts the stream of octets into lines.  A line that is whole in the caller's
 * octets is not copied.  The parts of a line that arrives in pieces are put
 * together in a buffer, the member "carry".  This file knows line ends,
 * lengths, and the first words that show another protocol, but not commands.
 */

enum mailin_line_result {
	LINE_PARTIAL,
	LINE_WHOLE,
	LINE_TOO_LONG,      /* the line was dropped; reported at its CR LF */
	LINE_AUTH_TOO_LONG, /* an AUTH line or a response is too long */
	LINE_BAD_BDAT,      /* BDAT is too long, or there is no memory for
			       it, so the size of the chunk is unknown */
	LINE_BARE_LF,       /* found at the LF, even in a skipped line */
	LINE_FOREIGN,       /* HTTP or TLS, found at the first word */
	LINE_NO_MEMORY      /* there was no memory for the line, which was
			       dropped; reported at its CR LF */
};

struct mailin_line {
	struct mailin_buffer carry;     /* the parts of an incomplete line */
	enum mailin_line_result reason; /* the result of a skipped line */
	bool skipping;                  /* the rest of the line is dropped */
	bool after_cr;                  /* the last octet so far was a CR */
	bool given;                     /* the last call returned "carry" */
};

struct mailin_line_rules {
	size_t limit;      /* maximum length without CR LF */
	size_t auth_limit; /* limit for an AUTH line or a response */
	bool is_response;  /* the line is a response to a 334 */
};

/*
 * Read octets from the array "in", but not beyond the end of the line.  Returns
 * the number of octets read.  If the result is LINE_WHOLE, *out becomes the
 * line with its CR LF: a part of the array, or the buffer "carry", which is
 * valid until the next call.  If the result is LINE_BARE_LF, *out becomes the
 * line before the LF, or an absent span if the line was dropped.  With other
 * results *out has no meaning.
 */
size_t mailin_line_read(struct mailin_line *line,
    const struct mailin_allocator *allocator,
    const struct mailin_line_rules *rules, const char *in, size_t len,
    struct mailin_span *out, enum mailin_line_result *result);

/* Returns true if no octet of the next line has been read. */
static inline bool
mailin_line_is_new(const struct mailin_line *line)
{
	return line->carry.len == 0 && !line->given && !line->skipping;
}

/* mailin_line_wipe() overwrites and empties the buffer "carry";
 * mailin_line_free() also frees its memory. */
void mailin_line_wipe(struct mailin_line *line);
void mailin_line_free(struct mailin_line *line,
    const struct mailin_allocator *allocator);

/* Returns true if the line begins with this verb in any case.  If less than
 * four octets have come, they must be the first letters of the verb.  The
 * argument "verb" has four letters, all capitals. */
bool mailin_line_begins(struct mailin_span line, const char *verb);

static inline bool
mailin_line_is_auth(struct mailin_span line)
{
	return line.len > 0 && ascii_upper(line.ptr[0]) == 'A' &&
	    mailin_line_begins(line, "AUTH");
}

/* Returns true if the line begins with AUTH.  Blanks may come before AUTH: such
 * a line is not a valid command, but it may still hold a secret. */
bool mailin_line_is_secret(struct mailin_span line);

#endif
