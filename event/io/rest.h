/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_REST_H
#define MAILIN_EVENT_REST_H

#include <mailin/session.h>

/* Input that a session has not taken yet.  If all members are zero, there is no
 * such input. */
struct rest {
	char *octets;
	size_t used, len;
};

/* Keep a copy of the octets.  Call only if no octets are kept yet.  Returns
 * false if there is no memory. */
bool mailin_rest_keep(struct rest *rest, const char *octets, size_t len);

/* Offer the kept octets to the session again.  Returns true if the session took
 * some of them. */
bool mailin_rest_offer(struct rest *rest, struct mailin_session *session);

void mailin_rest_drop(struct rest *rest);

#endif
