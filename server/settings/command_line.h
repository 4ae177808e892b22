/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_COMMAND_LINE_H
#define MAILIN_SERVER_COMMAND_LINE_H

#include "settings/given.h"

/* Read the options of the command line, up to --help or --version.  Returns
 * false, with the reason on stderr, if an option is unknown, lacks its value,
 * or has a value but must not have one. */
bool command_line_read(struct givens *givens, int argc, char **argv);

#endif
