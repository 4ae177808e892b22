/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_PROXY_LINE_H
#define MAILIN_SRC_PROXY_LINE_H

#include <mailin/proxy.h>

#include "proxy/tlv.h"

/*
 * Version 1 of the PROXY protocol: one line.  grammar/proxy.rl parses it, and
 * proxy.c turns the result into a struct mailin_proxy.
 */
struct mailin_proxy_line {
	enum mailin_proxy_family family; /* UNSPEC if the line says UNKNOWN */
	struct mailin_span source;
	struct mailin_span destination;
	unsigned source_port;
	unsigned destination_port;
};

/* Parse a header of version 1.  *line must be all zero. */
enum mailin_proxy_result mailin_proxy_line_parse(struct mailin_proxy_line *line,
    const char *octets, size_t len, size_t *used);

/* Returns true if the proxy opened the connection for itself, not for a client
 * (version 2, LOCAL).  A header of version 1 cannot say so.  octets must be a
 * valid header. */
bool mailin_proxy_is_own(const char *octets);

/*
 * Like mailin_proxy_parse(), but for octets that come in pieces.  Each call
 * gets all octets so far, and does not read again what an earlier call has
 * read.  progress is all zero at first, and len is not 0.  If the result is not
 * OK, *proxy and *used have no meaning.
 */
enum mailin_proxy_result mailin_proxy_go_on(struct mailin_proxy *proxy,
    const char *octets, size_t len, size_t *used,
    struct mailin_proxy_progress *progress);

#endif
