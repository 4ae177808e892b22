/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PROXY_TEXT_H
#define MAILIN_TESTS_PROXY_TEXT_H

#include <mailin/proxy.h>

/* A readable form of struct mailin_proxy, for tests and the fuzz target. */

/*
 * Write the members that are not zero as one line, such as "inet stream
 * 192.0.2.1 25 192.0.2.2 2525 alpn=h2".  An octet of a value that is not
 * printable becomes \xNN.  Returns out.
 */
char *proxy_show(const struct mailin_proxy *proxy, char *out, size_t room);

/* Returns true if all members are equal.  Spans are equal if their octets
 * are. */
bool proxy_equal(const struct mailin_proxy *a, const struct mailin_proxy *b);

/* Returns true if all spans lie within the header. */
bool proxy_inside(const struct mailin_proxy *proxy, struct mailin_span header);

#endif
