/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HTTP_H
#define MAILIN_SERVER_HTTP_H

#include <stdbool.h>

struct event_base;

/*
 * An HTTP server for the counters.  It has /metrics for Prometheus, and /health
 * for load balancers: 200 while the server serves, 503 while it waits for its
 * last sessions to end.  A client may send only a short GET or HEAD, and has a
 * few seconds for everything.  Only a few clients are served at the same time.
 */

/* The most clients that are connected at the same time. */
#define HTTP_PLACES 16

/* Returns true if this build has HTTP. */
bool http_exists(void);

/* Listen at the address, which must be one for http_address_parse().  Returns
 * false, with the reason on stderr, if that is impossible. */
bool http_open(struct event_base *base, const char *address);

/* From now on /health returns 503, since the server is ending. */
void http_drain(void);

void http_close(void);

#endif
