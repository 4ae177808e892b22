/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>

#include "access/path.h"

struct mailin_span
path_domain(const struct mailin_session *session,
    const struct mailin_path *path)
{
	return path->kind == MAILIN_PATH_UNQUALIFIED ?
	    mailin_span_of(
		mailin_config_hostname(mailin_session_config(session))) :
	    path->domain;
}

struct mailin_span
path_write(const struct mailin_session *session, const struct mailin_path *path,
    char out[PATH_SIZE])
{
	struct mailin_span domain = path_domain(session, path);
	int len;

	if (path->kind == MAILIN_PATH_NULL)
		return mailin_span_of("<>");
	if (domain.len == 0)
		len = snprintf(out, PATH_SIZE, "<%.*s>", (int)path->local.len,
		    path->local.ptr);
	else
		len = snprintf(out, PATH_SIZE, "<%.*s@%.*s>",
		    (int)path->local.len, path->local.ptr, (int)domain.len,
		    domain.ptr);
	return (struct mailin_span){ out, (size_t)len };
}
