/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_NUMBER_H
#define MAILIN_SERVER_NUMBER_H

#include <stdbool.h>

/* Read text, which must be a decimal number up to maximum and nothing else.
 * strtoul would accept signs, blanks and an empty text. */
bool number_parse(const char *text, unsigned maximum, unsigned *number);

#endif
