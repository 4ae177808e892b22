/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_DOCUMENT_H
#define MAILIN_TESTS_DOCUMENT_H

/* Reads the text of a file of the source, to compare it with the library. */

/* Read a file, such as "doc/guide.md", and end it with a NUL.  The result may
 * be changed, and lives until the next call. */
char *document_read(const char *name);

/* Find the next enumerator that begins a line.  Copies the rest of its
 * name, after the prefix, to "name".  Returns the text after the name, or
 * NULL. */
const char *document_next_enumerator(const char *at, const char *prefix,
    char name[64]);

#endif
