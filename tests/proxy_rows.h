/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PROXY_ROWS_H
#define MAILIN_TESTS_PROXY_ROWS_H

#include "suite.h"

/* What is checked of each header of the PROXY protocol. */

/* It is accepted, shown (proxy_text.h) as said, whatever follows it; each of
 * its prefixes is incomplete; nothing behind the end is read. */
void proxy_accept(struct mailin_span header, const char *shown);

/* So many of its first octets are right and incomplete; the next is refused
 * as soon as it is there, and the whole with it. */
void proxy_refuse(struct mailin_span header, size_t right);

#endif
