/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_REPLIES_H
#define MAILIN_TESTS_REPLIES_H

#include <mailin.h>

/* Reads replies as a strict client does (RFC 5321 4.2). */

/* Returns the length of the first reply, or 0 if it is incomplete or
 * malformed. */
size_t replies_first(struct mailin_span octets);

/*
 * Returns the codes of any number of replies, such as "250 2.1.0|354".  An
 * enhanced code is included if every line of its reply has it.  Malformed
 * octets give "?".  The result is valid until the next call.
 */
const char *replies_codes(struct mailin_span octets);

#endif
