/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PATH_H
#define MAILIN_SERVER_PATH_H

#include <mailin/session.h>

/* The longest path that the library takes, with a host name appended. */
#define PATH_SIZE 1024

/* Returns the domain of a path.  A path without one (<root>) is qualified with
 * the server's own name, as Postfix does by default (append_at_myorigin). */
struct mailin_span path_domain(const struct mailin_session *session,
    const struct mailin_path *path);

/* Write "<local@domain>" with that domain, "<>", or "<Postmaster>".  A source
 * route is left out (RFC 5321 appendix C).  Returns what is in out. */
struct mailin_span path_write(const struct mailin_session *session,
    const struct mailin_path *path, char out[PATH_SIZE]);

#endif
