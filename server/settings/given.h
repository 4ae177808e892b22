/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_GIVEN_H
#define MAILIN_SERVER_GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include <mailin/error.h>

/* An option that was given. */
struct given {
	/* The text that messages write before the name: "--" for an option of
	 * the command line, "FILE:LINE: " for one of a file. */
	const char *where;
	const char *name;
	const char *value; /* NULL: the option has no value */
};

/* Options in the order in which they were given. */
struct givens {
	struct given *items;
	size_t count;
};

/* Add a copy of the option with its texts.  Returns false, with the reason on
 * stderr, if there is no memory. */
bool givens_add(struct givens *givens, const struct given *given);
void givens_free(struct givens *givens);

/* Returns the last option that has this name, or NULL. */
const struct given *givens_find(const struct givens *givens, const char *name);

/* Write to stderr that the value of the option is wrong.  The format says which
 * values are right, as in "a number from %u to %u".  Returns false. */
bool given_wrong(const struct given *given, const char *format, ...)
    MAILIN_FORMAT(2, 3);

#endif
