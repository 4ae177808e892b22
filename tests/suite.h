/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_SUITE_H
#define MAILIN_TESTS_SUITE_H

#include <check.h>
#include <stdint.h>

#include <mailin.h>

/*
 * What the test programs share.  A program is a list of tests:
 *
 *	int
 *	main(void)
 *	{
 *		const TTest *tests[] = { one_thing, another };
 *
 *		return suite_run("span", tests, ROWS(tests));
 *	}
 *
 * In long loops use ck_abort_msg behind an if: each ck_assert writes to a
 * file.
 */
int suite_run(const char *name, const TTest *const *tests, size_t count);

#define STRICT  MAILIN_SYNTAX_STRICT
#define RELAXED MAILIN_SYNTAX_RELAXED

#define ROWS(table) (sizeof table / sizeof table[0])

/* A span of a literal, which may hold NUL; the latter in an expression. */
#define TEXT(literal) { literal, sizeof literal - 1 }
#define SPAN(literal) ((struct mailin_span)TEXT(literal))

/*
 * A copy of text that ends where an unmapped page begins, so that a read of
 * the octet behind it is a crash.  It lives until the next call; at most 4 MiB.
 */
struct mailin_span suite_edge(struct mailin_span text);

/* The same, but it begins where an unmapped page ends. */
struct mailin_span suite_behind_edge(struct mailin_span text);

/* The same, with CR LF behind the text. */
struct mailin_span suite_line(struct mailin_span text);

/* text as a C string for a message, all that is not printable as \xNN; it
 * lives until the fourth call after. */
const char *suite_quote(struct mailin_span text);

/* 0 <= number < below; the same numbers in each run. */
unsigned suite_random(unsigned below);

/* True where each step costs fifty (valgrind): leave out what is long. */
bool suite_quick(void);

/* True where each step costs five (AddressSanitizer). */
bool suite_is_sanitized(void);

/* Every nth row of many is enough in the former, every third in the latter;
 * else each one. */
size_t suite_stride(size_t n);

#endif
