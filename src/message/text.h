/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TEXT_H
#define MAILIN_SRC_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "octet/vector.h"

/*
 * The search for the first octet of a message that needs a change.  Text needs
 * no change if every CR is followed by LF, every LF is preceded by CR (RFC
 * 5321 2.3.8), and no line begins with a dot (4.5.2).  This is the inner loop
 * of the library, so there is one version for each width of vectors.  All
 * versions return the same; the tests compare each with a plain reference.
 */

/* A line of at most this many octets is called short: it cannot be too long
 * (RFC 5322 2.1.1), so its length need not be checked. */
#define MAILIN_TEXT_SHORT 768

/* Facts about the text that a search has returned. */
struct mailin_text_seen {
	size_t line;        /* octets up to the end of the last line, or 0 if no
			       line ends */
	size_t short_until; /* each line that ends before this offset has at
	                       most MAILIN_TEXT_SHORT octets in this text */
	bool nul;           /* true: a NUL is in the text or shortly after it */
	bool eight_bit;     /* true: an octet is above 127 */
};

/*
 * Returns how many octets at the beginning of "in" need no change.  The octet
 * after them is one of these: a bare LF; a CR that is bare, or is the last
 * octet; or, if dots is true, a dot after CR LF.  The octet before "in" counts
 * as neither CR nor LF; the caller checks the octet before "in" together with
 * the first octet of "in".  near is true if an octet that needs a change is
 * probably among the next ones.
 */
typedef size_t mailin_text_search(const char *in, size_t len, bool dots,
    bool near, struct mailin_text_seen *seen);

/* Returns true if all octets are from 14 to 127, or if len is 0. */
typedef bool mailin_text_plain(const char *in, size_t len);

/* The state of a pass.  A pass converts dense text block by block.  In dense
 * text one of every few octets needs a change (body.h).  A mask here has all
 * bits set, or none. */
struct mailin_text_pass {
	const char *in, *in_end;
	char *out, *most;    /* a pass stops when "out" is above "most" */
	uint64_t dots;       /* mask: dots are stuffed (DATA) */
	uint64_t normalizes; /* mask: convert bare CR and LF */
	uint64_t rejects;    /* mask: stop before a bare CR or LF */
	uint64_t line_start; /* 1: "in" is at the start of a line */
	size_t column;       /* octets of the line before "in" */
	unsigned lull;       /* octets since the last change or bare CR or LF */
	unsigned most_lull;  /* a pass stops when lull has this value */
	bool has_long;       /* a line is over MAILIN_TEXT_LINE */
	uint64_t bare_cr, bare_lf, nul, eight_bit; /* not 0 if there
						      was one */
};

/* The maximum length of a line without CR LF, in octets (RFC 5322 2.1.1). */
#define MAILIN_TEXT_LINE 998

/* A pass may write up to this many octets beyond "most". */
#define MAILIN_TEXT_ROOM ((size_t)192)

/*
 * Convert text from "in" to "out".  Stop at in_end, when "out" is above "most",
 * or when lull is most_lull.  Stop also before an octet that the automaton of
 * body.c must read: a bare CR or LF that the policy rejects; the dot of the end
 * of data; or, near in_end, a CR or a dot at a line start, if its meaning
 * depends on octets that have not come yet.  Afterwards all members describe
 * the octets read, and "in" is the next octet.
 */
typedef void mailin_text_passer(struct mailin_text_pass *pass);

/* The functions for vectors of one width. */
struct mailin_text_width {
	mailin_text_search *search;
	mailin_text_plain *is_plain;
	mailin_text_passer *gather;
	mailin_text_passer *skip; /* like gather, but without output */
};

const struct mailin_text_width *mailin_text_of(enum mailin_vector vector);

/* Returns the number of octets up to and including the last LF, or 0 if there
 * is no LF. */
size_t mailin_text_lines(const char *in, size_t len);

/* The functions of each width.  For text that is too short for its vectors, a
 * function calls that of a narrower width. */

mailin_text_search mailin_text_words, mailin_text_sse2, mailin_text_avx2,
    mailin_text_neon;
mailin_text_plain mailin_text_words_plain, mailin_text_sse2_plain,
    mailin_text_avx2_plain, mailin_text_neon_plain;
mailin_text_passer mailin_text_words_gather, mailin_text_sse2_gather,
    mailin_text_avx2_gather, mailin_text_neon_gather;
mailin_text_passer mailin_text_words_skip, mailin_text_sse2_skip,
    mailin_text_avx2_skip, mailin_text_neon_skip;

#endif
