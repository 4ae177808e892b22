/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

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

/* Copy octets to out[at].  Returns where they end. */
static size_t
put(char out[PATH_SIZE], size_t at, struct mailin_span octets)
{
	size_t len = octets.len < PATH_SIZE - at ? octets.len : PATH_SIZE - at;

	if (len > 0)
		memcpy(out + at, octets.ptr, len);
	return at + len;
}

struct mailin_span
path_write(const struct mailin_session *session, const struct mailin_path *path,
    char out[PATH_SIZE])
{
	struct mailin_span domain = path_domain(session, path);
	size_t len = 0;

	if (path->kind == MAILIN_PATH_NULL)
		return mailin_span_of("<>");
	len = put(out, len, mailin_span_of("<"));
	len = put(out, len, path->local);
	if (domain.len > 0) {
		len = put(out, len, mailin_span_of("@"));
		len = put(out, len, domain);
	}
	len = put(out, len, mailin_span_of(">"));
	return (struct mailin_span){ out, len };
}
