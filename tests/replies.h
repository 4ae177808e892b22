/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_REPLIES_H
#define MAILIN_TESTS_REPLIES_H

#include <mailin.h>

/* Replies as a client reads them (RFC 5321 4.2): strictly. */

/* The octets of the first reply; 0 if there is no whole one, or it breaks the
 * grammar. */
size_t replies_first(struct mailin_span octets);

/*
 * What a script cares for, of any number of replies: "250 2.1.0|354".  The
 * enhanced code stands where every line has the same one.  "?" for octets
 * that are no replies.  It lives until the next call.
 */
const char *replies_codes(struct mailin_span octets);

#endif
