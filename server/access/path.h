/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PATH_H
#define MAILIN_SERVER_PATH_H

#include <mailin/session.h>

/* Room for the longest path that the library accepts, and a host name. */
#define PATH_SIZE 1024

/* Returns the domain of a path.  For a path without a domain (<root>) it is the
 * server's own name, as in Postfix (append_at_myorigin). */
struct mailin_span path_domain(const struct mailin_session *session,
    const struct mailin_path *path);

/* Write "<local@domain>" with the domain that path_domain returns, or "<>", or
 * "<Postmaster>".  A source route is left out (RFC 5321 appendix C).  Returns
 * the text in out. */
struct mailin_span path_write(const struct mailin_session *session,
    const struct mailin_path *path, char out[PATH_SIZE]);

#endif
