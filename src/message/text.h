/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TEXT_H
#define MAILIN_SRC_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "octet/vector.h"

/*
 * Text that needs no change: every CR is followed by LF, every LF preceded by
 * CR (RFC 5321 2.3.8), and no line begins with a dot (4.5.2).  To find its end
 * is the inner loop of the library.  So there is one version for each width of
 * vectors, and all of them return the same; the tests compare each with a plain
 * reference.
 */

/* A line of at most this many octets is far from too long (RFC 5322 2.1.1). */
#define MAILIN_TEXT_SHORT 768

/* Facts about the text that a search has returned. */
struct mailin_text_seen {
	size_t line;        /* octets through the last line end, or 0 */
	size_t short_until; /* each line that ends before this offset
	                       has at most MAILIN_TEXT_SHORT octets here */
	bool nul;           /* a NUL, in the text or shortly after it */
	bool eight_bit;     /* an octet above 127 */
};

/*
 * Returns how many octets need no change.  The text ends before a bare LF,
 * before a CR that is bare or is the last octet, and, with dots, before a dot
 * after CR LF.  The caller knows what came before in; the search assumes an
 * octet that does not matter.  near: the text is likely to end soon.
 */
typedef size_t mailin_text_search(const char *in, size_t len, bool dots,
    bool near, struct mailin_text_seen *seen);

/* Returns true if all octets are above 13 and below 128, and if len is 0. */
typedef bool mailin_text_plain(const char *in, size_t len);

/*
 * Dense text, in which conversions or stuffed dots come every few octets, is
 * not searched but converted, block by block.  A mask here has all bits set, or
 * none.
 */
struct mailin_text_pass {
	const char *in, *in_end;
	char *out, *most;    /* stop once out is above most */
	uint64_t dots;       /* mask: dots are stuffed (DATA) */
	uint64_t normalizes; /* mask: convert bare CR and LF */
	uint64_t rejects;    /* mask: stop before bare CR or LF */
	uint64_t line_start; /* 1: in is at the start of a line */
	size_t column;       /* octets of the present line up to in */
	unsigned lull;       /* octets since a change or a bare CR or LF */
	unsigned most_lull;  /* stop when lull has this value */
	bool has_long;       /* a line is over MAILIN_TEXT_LINE */
	uint64_t bare_cr, bare_lf, nul, eight_bit; /* not 0: there was one */
};

/* RFC 5322 2.1.1 */
#define MAILIN_TEXT_LINE 998

/* How many octets a pass may write at and after most. */
#define MAILIN_TEXT_ROOM ((size_t)192)

/*
 * Convert text from in to out.  Stop at in_end, at most, at most_lull, or
 * before an octet that the automaton of body.c must read: one that is rejected;
 * the dot of the end of data; or, near in_end, a CR or a dot at the start of a
 * line, if octets that have not come yet decide about it.  Afterwards all
 * members are up to date for the octets read, and in is the place to go on.
 */
typedef void mailin_text_passer(struct mailin_text_pass *pass);

/* The functions for vectors of one width. */
struct mailin_text_width {
	mailin_text_search *search;
	mailin_text_plain *is_plain;
	mailin_text_passer *gather;
	mailin_text_passer *skip; /* without output: out is not used */
};

const struct mailin_text_width *mailin_text_of(enum mailin_vector vector);

/* Returns the octets through the last LF, or 0 if there is no LF. */
size_t mailin_text_lines(const char *in, size_t len);

/* mailin_text_plain for less than 8 octets. */
mailin_text_plain mailin_text_few_plain;

/* ---- Each width; it leaves shorter text to a narrower one ---- */

mailin_text_search mailin_text_words, mailin_text_sse2, mailin_text_avx2,
    mailin_text_neon;
mailin_text_plain mailin_text_words_plain, mailin_text_sse2_plain,
    mailin_text_avx2_plain, mailin_text_neon_plain;
mailin_text_passer mailin_text_words_gather, mailin_text_sse2_gather,
    mailin_text_avx2_gather, mailin_text_neon_gather;
mailin_text_passer mailin_text_words_skip, mailin_text_sse2_skip,
    mailin_text_avx2_skip, mailin_text_neon_skip;

#endif
