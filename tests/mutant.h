/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_MUTANT_H
#define MAILIN_TESTS_MUTANT_H

#include <stddef.h>

#include <mailin/span.h>

/* Command lines that are nearly right. */

#define MUTANT_ROOM 512

/* Write one of the right ones, chosen by turn, with some octets put in, taken
 * out or changed at random, and answer its length; it may be any. */
size_t mutant_line(char out[MUTANT_ROOM], unsigned turn);

/* One of the right ones, or an empty span behind the last. */
struct mailin_span mutant_seed(size_t index);

#endif
