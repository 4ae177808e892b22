/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_PLACE_H
#define MAILIN_EVENT_PLACE_H

#include "client/common.h"

/* The place of a client: the address for which the client is counted. */
struct place {
	bool counted; /* false: the other members are 0 */
	struct address_key key;
	struct address *address; /* NULL: its clients are not counted */
};

/* Count a client.  Clients with an exempt address are not counted.  Trusted
 * peers are not counted either, because they connect on behalf of many clients.
 * Returns NULL, or the reason why the client must be refused; then *place is
 * all 0. */
const char *mailin_place_take(struct common *common, bool is_trusted,
    const struct netaddr *client, struct place *place);
void mailin_place_leave(struct common *common, struct place *place);

/* Count something that the client does, unless its address has reached the
 * limit.  Returns NULL, or the reason to refuse. */
const char *mailin_place_count(struct common *common, const struct place *place,
    enum rate rate);
void mailin_place_uncount(struct common *common, const struct place *place,
    enum rate rate);

#endif
