/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_OFFER_H
#define MAILIN_SRC_CLIENT_OFFER_H

#include "client/data.h"

/* Add what a line of the reply to EHLO offers (RFC 5321 4.1.1.1).  Keywords
 * that are not known are ignored. */
void mailin_client_offer_read(struct mailin_client_offer *offer,
    struct mailin_span line);

#endif
