/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_FIELDS_H
#define MAILIN_TESTS_FIELDS_H

#include <mailin/command.h>

/* A table of all fields of struct mailin_command, so that a loop can check them
 * all.  The tests and the fuzz targets use it. */

/*
 * Write the verb and the fields that are not zero as one line of text, such as
 * "MAIL local=a domain=b SIZE=5".  A null sender is "kind=null".  Returns out.
 */
char *fields_show(const struct mailin_command *command, char *out, size_t room);

/* Write a path as text, such as "local=a domain=b".  Returns out. */
char *fields_show_path(const struct mailin_path *path, char *out, size_t room);

/*
 * Checks the fields of a command that was parsed from line
 * (properties 38 and 39). Returns a description of the first fault, or NULL.  A
 * fault is: a span outside the line; a control character; an octet above 127
 * where the command does not allow UTF-8, or which is not valid UTF-8; a value
 * whose parameter was not given.
 */
const char *fields_fault(const struct mailin_command *command,
    struct mailin_span line);

#endif
