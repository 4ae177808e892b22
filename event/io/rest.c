/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "io/rest.h"
#include "octet/wipe.h"

bool
mailin_rest_keep(struct rest *rest, const char *octets, size_t len)
{
	if (len == 0)
		return true;
	rest->octets = malloc(len);
	if (rest->octets == NULL)
		return false;
	memcpy(rest->octets, octets, len);
	rest->used = 0;
	rest->len = len;
	return true;
}

bool
mailin_rest_offer(struct rest *rest, struct mailin_session *session)
{
	enum mailin_want want = mailin_session_want(session);
	size_t taken;

	if (rest->octets == NULL ||
	    (want != MAILIN_WANT_INPUT && want != MAILIN_WANT_TLS))
		return false;
	taken = mailin_session_feed(session, rest->octets + rest->used,
	    rest->len - rest->used);
	rest->used += taken;
	if (rest->used == rest->len)
		mailin_rest_drop(rest);
	return taken > 0;
}

void
mailin_rest_drop(struct rest *rest)
{
	if (rest->octets != NULL)
		wipe(rest->octets, rest->len);
	free(rest->octets);
	rest->octets = NULL;
}
