/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_FIELDS_H
#define MAILIN_TESTS_FIELDS_H

#include <mailin/command.h>

/*
 * Every field of struct mailin_command by one table, so that a check of all of
 * them is a loop.  The tests and the fuzz targets use it.
 */

/*
 * Write the verb and the fields that are not zero as one line of text, such as
 * "MAIL local=a domain=b SIZE=5"; a null sender is "kind=null".  Answers out.
 */
char *fields_show(const struct mailin_command *command, char *out,
    size_t room);

/* The same of a path: "local=a domain=b". */
char *fields_show_path(const struct mailin_path *path, char *out,
    size_t room);

/*
 * Properties 38, 39.
 * What is wrong with the fields of a command read from line, or NULL: a span
 * that is not inside the line; one that holds a control character; an octet
 * above 127 where nothing says so, or that is no UTF-8; a value whose
 * parameter was not given.
 */
const char *fields_fault(const struct mailin_command *command,
    struct mailin_span line);

#endif
