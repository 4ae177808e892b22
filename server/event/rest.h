/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_REST_H
#define MAILIN_SERVER_REST_H

#include <mailin/session.h>

/* Input that a session did not take yet; all zero: there is none. */
struct rest {
	char *octets;
	size_t used, len;
};

/* Keep these; there are none yet.  False: no memory. */
bool rest_keep(struct rest *rest, const char *octets, size_t len);

/* Offer them to the session again; answers whether it took some. */
bool rest_offer(struct rest *rest, struct mailin_session *session);

void rest_drop(struct rest *rest);

#endif
