/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/suite.h"

#define EDGE_ROOM SUITE_EDGE_MOST

int
suite_run(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;
	size_t i;

	for (i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_set_timeout(tcase, 300);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Map EDGE_ROOM octets, with an unmapped page before and after them. */
static char *
map_edges(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *start;

	start = mmap(NULL, EDGE_ROOM + 2 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED || mprotect(start, page, PROT_NONE) != 0 ||
	    mprotect(start + page + EDGE_ROOM, page, PROT_NONE) != 0)
		ck_abort_msg("cannot map memory");
	return start + page;
}

/* Returns the mapped memory, or NULL if len octets do not fit in it. */
static char *
between_edges(size_t len)
{
	static char *start;

	if (start == NULL)
		start = map_edges();
	if (len > EDGE_ROOM)
		ck_abort_msg("%zu octets do not fit", len);
	return start;
}

/* Returns the address of the last len octets before the edge. */
static char *
before_edge(size_t len)
{
	return between_edges(len) + EDGE_ROOM - len;
}

char *
suite_edge_room(bool before, size_t len)
{
	static char *start;

	if (start == NULL)
		start = map_edges();
	return before ? start + EDGE_ROOM - len : start;
}

struct mailin_span
suite_edge(struct mailin_span text)
{
	char *copy = before_edge(text.len);

	if (text.len > 0)
		memmove(copy, text.ptr, text.len);
	return (struct mailin_span){ copy, text.len };
}

struct mailin_span
suite_after_edge(struct mailin_span text)
{
	char *copy = between_edges(text.len);

	if (text.len > 0)
		memmove(copy, text.ptr, text.len);
	return (struct mailin_span){ copy, text.len };
}

struct mailin_span
suite_line(struct mailin_span text)
{
	char *line = before_edge(text.len + 2);

	if (text.len > 0)
		memmove(line, text.ptr, text.len);
	memcpy(line + text.len, "\r\n", 2);
	return (struct mailin_span){ line, text.len + 2 };
}

const char *
suite_quote(struct mailin_span text)
{
	static char texts[4][2048];
	static unsigned turn;
	char *out = texts[turn++ % 4];
	size_t i, len = 0;

	for (i = 0; i < text.len && len < sizeof texts[0] - 8; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		len += (size_t)sprintf(out + len,
		    c >= 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
	}
	if (i < text.len)
		len += (size_t)sprintf(out + len, "...");
	out[len] = '\0';
	return out;
}

/* xorshift32, Marsaglia 2003 */
unsigned
suite_random(unsigned below)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return (unsigned)(state % below);
}

bool
suite_quick(void)
{
	return getenv("SUITE_QUICK") != NULL;
}

bool
suite_is_sanitized(void)
{
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return false;
#endif
}

size_t
suite_stride(size_t n)
{
	return suite_quick() ? n : suite_is_sanitized() ? 3 : 1;
}

const char *
suite_source(void)
{
	const char *folder = getenv("srcdir");

	if (folder != NULL)
		return folder;
	return access("configure.ac", R_OK) == 0 ? "." : "..";
}
