/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_TEXT_H
#define MAILIN_SRC_TEXT_H

#include <stddef.h>

#include "vector.h"

/*
 * Text in which nothing has to be done: every CR is followed by LF, every LF
 * preceded by CR (RFC 5321 2.3.8), and no line begins with a dot (4.5.2).
 * This is the inner loop of the library, so it comes in several widths, all
 * with one result; tests/ holds each against a plain reference.
 */

struct mailin_run {
	size_t len;
	bool   odd;  /* a NUL or an octet above 127 was seen there, or behind */
	bool   dense; /* no 600 octets there are without a line end */
};

/*
 * How many octets may be handed on as they stand: all, or those before a bare
 * LF, before a CR that is bare or the last octet, or, with dots, before a dot
 * behind CR LF.  The first octet is taken as one behind an octet that asks for
 * nothing: what precedes in is the caller's to know.
 */
struct mailin_run mailin_text_span(enum mailin_vector vector,
    const char *in, size_t len, bool dots);

/* The octets through the last LF, 0 if there is none. */
size_t mailin_text_lines(const char *in, size_t len);

/*
 * ---- One for each width, for text.c alone ----
 *
 * newline is CR, LF, and the octet that may not stand behind them.  Answers
 * the first place where CR and LF are no pair, or that octet stands behind
 * them; or one with no more than two octets behind it, and nothing wrong
 * before it.  A width that is too wide for so few octets answers 0.
 */
struct mailin_run mailin_text_words(const unsigned char *in, size_t len,
    const unsigned char *newline);
struct mailin_run mailin_text_sse2(const unsigned char *in, size_t len,
    const unsigned char *newline);
struct mailin_run mailin_text_avx2(const unsigned char *in, size_t len,
    const unsigned char *newline);
struct mailin_run mailin_text_neon(const unsigned char *in, size_t len,
    const unsigned char *newline);

#endif
