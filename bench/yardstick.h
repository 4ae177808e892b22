/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_YARDSTICK_H
#define MAILIN_BENCH_YARDSTICK_H

#include <mailin/command.h>

/*
 * A scanner written by hand, for the command lines of corpus/ and no others:
 * what a line costs at the least.  It fills in what mailin_command_parse does
 * and checks the characters and lengths that the lines have a use for, but it
 * does not say where a line is wrong: 0 for any that it cannot read.
 */
size_t yardstick_parse(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

#endif
