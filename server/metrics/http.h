/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HTTP_H
#define MAILIN_SERVER_HTTP_H

#include <stdbool.h>

struct event_base;

/*
 * The counters for Prometheus by HTTP: /metrics, and /health for balancers,
 * which is 200 while the server serves, and 503 while it waits for sessions to
 * end.  A client of HTTP may send only a short request, by GET or HEAD, and has
 * a few seconds for all; there are only a few such clients at a time.
 */

/* Returns true if this build has HTTP. */
bool http_exists(void);

/* Returns true if the text is an address with a port, or a port of
 * 127.0.0.1. */
bool http_address_is_valid(const char *text);

/* Listen at the address.  Returns false, with the reason on stderr, if that is
 * impossible. */
bool http_open(struct event_base *base, const char *address);

/* The server waits for sessions to end. */
void http_drain(void);

void http_close(void);

#endif
