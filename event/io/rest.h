/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_REST_H
#define MAILIN_SERVER_REST_H

#include <mailin/session.h>

/* Input that a session did not take yet.  All zero: no input. */
struct rest {
	char *octets;
	size_t used, len;
};

/* Keep a copy of the octets; none may be kept already.  Returns false if there
 * is no memory. */
bool rest_keep(struct rest *rest, const char *octets, size_t len);

/* Offer the octets to the session again.  Returns true if it took some. */
bool rest_offer(struct rest *rest, struct mailin_session *session);

void rest_drop(struct rest *rest);

#endif
