/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_YARDSTICK_H
#define MAILIN_BENCH_YARDSTICK_H

#include <mailin/command.h>

/*
 * A hand-written scanner for the command lines of corpus/ and no others.  It
 * shows the least that a line can cost.  It fills in the same members as
 * mailin_command_parse, and checks the characters and lengths that occur in the
 * corpus.  It does not report where a line is wrong: it returns 0 for any line
 * that it cannot read.
 */
size_t yardstick_parse(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

#endif
