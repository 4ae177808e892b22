/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Each file of a test that reads lines includes this header first.  The test
 * then decides when there is no memory for a line. */
#include <config.h>

#include <stdio.h>

ssize_t scarce_getline(char **line, size_t *room, FILE *in);

#define getline scarce_getline
