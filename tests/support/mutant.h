/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_MUTANT_H
#define MAILIN_TESTS_MUTANT_H

#include <stddef.h>

#include <mailin/span.h>

/* Command lines that are nearly valid. */

#define MUTANT_ROOM 512

/* Choose the next valid line in turn, and insert, remove or change some octets
 * at random.  Write the line to out, and return its length.  The line may still
 * be valid. */
size_t mutant_line(char out[MUTANT_ROOM], unsigned turn);

/* Returns the valid line with this index, or an empty span after the last. */
struct mailin_span mutant_seed(size_t index);

#endif
