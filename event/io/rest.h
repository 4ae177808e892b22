/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_REST_H
#define MAILIN_EVENT_REST_H

#include <mailin/session.h>

/* Input that a session did not take yet.  All zero: no input. */
struct rest {
	char *octets;
	size_t used, len;
};

/* Keep a copy of the octets; none may be kept already.  Returns false if there
 * is no memory. */
bool mailin_rest_keep(struct rest *rest, const char *octets, size_t len);

/* Offer the octets to the session again.  Returns true if it took some. */
bool mailin_rest_offer(struct rest *rest, struct mailin_session *session);

void mailin_rest_drop(struct rest *rest);

#endif
