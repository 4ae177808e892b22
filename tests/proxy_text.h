/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_PROXY_TEXT_H
#define MAILIN_TESTS_PROXY_TEXT_H

#include <mailin/proxy.h>

/* A struct mailin_proxy for people; the tests and the fuzz target use it. */

/*
 * Write what is not zero as one line, such as
 * "inet stream 192.0.2.1 25 192.0.2.2 2525 alpn=h2"; what is not printable in
 * a value as \xNN.  Answers out.
 */
char *proxy_show(const struct mailin_proxy *proxy, char *out, size_t room);

/* True if all its spans lie within the header. */
bool proxy_inside(const struct mailin_proxy *proxy,
    struct mailin_span header);

#endif
