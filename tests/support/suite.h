/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_SUITE_H
#define MAILIN_TESTS_SUITE_H

#include <check.h>
#include <stdint.h>

#include <mailin.h>

/*
 * Functions and macros that all unit tests share.  A program is a list of
 * tests:
 *
 *	int
 *	main(void)
 *	{
 *		const TTest *tests[] = { one_thing, another };
 *
 *		return suite_run("span", tests, ROWS(tests));
 *	}
 *
 * In long loops use an if and ck_abort_msg: each ck_assert writes to a file.
 */
int suite_run(const char *name, const TTest *const *tests, size_t count);

#define STRICT  MAILIN_SYNTAX_STRICT
#define RELAXED MAILIN_SYNTAX_RELAXED

#define ROWS(table) (sizeof table / sizeof table[0])

/* A span of a literal, which may contain NUL.  TEXT is for an initializer, SPAN
 * for an expression. */
#define TEXT(literal) \
	{ \
		literal, sizeof literal - 1 \
	}
#define SPAN(literal) ((struct mailin_span)TEXT(literal))

/*
 * Returns a copy of text that ends where an unmapped page begins, so that
 * reading the octet after it crashes.  The copy is valid until the next call.
 * The text has at most SUITE_EDGE_MOST octets.
 */
struct mailin_span suite_edge(struct mailin_span text);

/* Returns a copy of text that begins where an unmapped page ends, valid until
 * the next call. */
struct mailin_span suite_after_edge(struct mailin_span text);

/* Returns a buffer of len octets right before an unmapped page, or right after
 * one.  No other function of this file uses the buffer. */
#define SUITE_EDGE_MOST ((size_t)4 << 20)
char *suite_edge_room(bool before, size_t len);

/* Returns a copy of text and CR LF that ends where an unmapped page begins,
 * valid until the next call. */
struct mailin_span suite_line(struct mailin_span text);

/* Returns text as a C string for a message; octets that are not printable
 * become \xNN.  It is valid until the fourth call after this one. */
const char *suite_quote(struct mailin_span text);

/* Returns a random number below "below"; each run has the same numbers. */
unsigned suite_random(unsigned below);

/* Returns true under valgrind.  There a test is about 50 times slower, so it
 * should leave out long loops. */
bool suite_quick(void);

/* Returns true with AddressSanitizer.  There a test is about 5 times slower. */
bool suite_is_sanitized(void);

/* Returns the step for a loop over many rows: n under valgrind, 3 with
 * AddressSanitizer, otherwise 1. */
size_t suite_stride(size_t n);

/* Returns the folder of the source: the variable srcdir, which make sets.
 * Without it this is the present folder, or, in a build folder, its parent. */
const char *suite_source(void);

#endif
