/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_NUMBER_H
#define MAILIN_SERVER_NUMBER_H

#include <stdbool.h>

/* Read text, which has to be a decimal number up to maximum and no more:
 * strtoul alone would take signs, blanks and nothing at all. */
bool number_parse(const char *text, unsigned maximum, unsigned *number);

#endif
