/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PROXY_ROWS_H
#define MAILIN_TESTS_PROXY_ROWS_H

#include "support/suite.h"

/* Checks of a header of the PROXY protocol. */

/* The header must be accepted, whatever follows it, and be shown as given
 * (proxy_text.h).  Each of its prefixes must be incomplete.  Nothing after its
 * end is read. */
void proxy_accept(struct mailin_span header, const char *shown);

/* The first "right" octets must be valid and incomplete.  The next octet must
 * make the header malformed, whatever follows. */
void proxy_refuse(struct mailin_span header, size_t right);

#endif
