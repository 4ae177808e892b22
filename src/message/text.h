/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TEXT_H
#define MAILIN_SRC_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "octet/vector.h"

/*
 * Text in which nothing has to be done: every CR is followed by LF, every LF
 * preceded by CR (RFC 5321 2.3.8), and no line begins with a dot (4.5.2).
 * This is the inner loop of the library, so it comes in several widths, all
 * with one result; tests/ holds each against a plain reference.
 */

/* A line that is not even nearly too long (RFC 5322 2.1.1). */
#define MAILIN_TEXT_SHORT 768

/* What was seen in the text. */
struct mailin_sights {
	size_t line;      /* octets through the last line end, 0: none */
	size_t dense;     /* of the lines that end within so many octets
	                   * none has more than MAILIN_TEXT_SHORT, of the
	                   * first as far as it stands here */
	bool   nul;       /* it may also stand behind the text, and so may */
	bool   eight_bit; /* an octet above 127 */
};

/*
 * How many octets may be handed on as they stand: all, or those before a bare
 * LF, before a CR that is bare or the last octet, or, with dots, before a dot
 * behind CR LF.  The first octet is taken as one behind an octet that asks for
 * nothing: what precedes in is the caller's to know.  near: the text is likely
 * to end soon.
 */
typedef size_t mailin_text_search(const char *in, size_t len, bool dots,
    bool near, struct mailin_sights *sights);

/* Are all octets, if there are any, above 13 and below 128? */
typedef bool mailin_text_plain(const char *in, size_t len);

/*
 * Text in which there is much to be done: it is not searched, but gone through,
 * by blocks.  A mask has all bits set, or none.
 */
struct mailin_text_pass {
	const char *in, *in_end;
	char       *out, *most;  /* no block begins to come out behind most */
	uint64_t    dots;        /* mask: do dots begin lines? */
	uint64_t    normalizes;  /* what becomes of bare newlines */
	uint64_t    rejects;
	uint64_t    line_start;  /* 1: in begins a line */
	size_t      column;      /* octets of the line at hand */
	unsigned    lull;        /* octets since something was done */
	unsigned    most_lull;
	bool        has_long;    /* over MAILIN_TEXT_LINE, here or before */
	/* What was seen; not 0 if something was. */
	uint64_t    bare_cr, bare_lf, nul, eight_bit;
};

/* RFC 5322 2.1.1 */
#define MAILIN_TEXT_LINE 998

/* So many octets a pass may need behind most. */
#define MAILIN_TEXT_ROOM ((size_t)192)

/*
 * Go through text up to in_end, most or most_lull, or to what is not text: an
 * octet that is to be rejected; the dot that ends the data; and at the end a
 * CR, or a dot that begins a line, of which what follows tells what it is.  All
 * else is as what has come out, and in is where to go on.
 */
typedef void mailin_text_passer(struct mailin_text_pass *pass);

/* All of them, by steps of some width. */
struct mailin_text_width {
	mailin_text_search *search;
	mailin_text_plain  *is_plain;
	mailin_text_passer *gather;
	mailin_text_passer *skip;   /* the same, and nothing comes out */
};

const struct mailin_text_width *mailin_text_of(enum mailin_vector vector);

/* The octets through the last LF, 0 if there is none. */
size_t mailin_text_lines(const char *in, size_t len);

/* ---- Each width; it leaves what is narrower to another ---- */

mailin_text_search mailin_text_words, mailin_text_sse2, mailin_text_avx2,
    mailin_text_neon;
mailin_text_plain mailin_text_words_plain, mailin_text_sse2_plain,
    mailin_text_avx2_plain, mailin_text_neon_plain;
mailin_text_passer mailin_text_words_gather, mailin_text_sse2_gather,
    mailin_text_avx2_gather, mailin_text_neon_gather;
mailin_text_passer mailin_text_words_skip, mailin_text_sse2_skip,
    mailin_text_avx2_skip, mailin_text_neon_skip;

#endif
