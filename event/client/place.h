/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_PLACE_H
#define MAILIN_EVENT_PLACE_H

#include "client/common.h"

/* By which address a client is counted. */
struct place {
	bool counted; /* else the other members are 0 */
	struct address_key key;
	struct address *address; /* NULL: clients at once are not counted */
};

/* Count a client, unless its address is exempt, or a peer that the trust has,
 * which hands on the clients of others.  Returns NULL, or why the client must
 * be sent away; then place is all 0. */
const char *mailin_place_take(struct common *common,
    const struct mailin_trust *trust, const struct netaddr *client,
    struct place *place);
void mailin_place_leave(struct common *common, struct place *place);

/* Count that the client does the thing, unless it has reached a limit.  Returns
 * NULL, or the reason to refuse. */
const char *mailin_place_count(struct common *common, const struct place *place,
    enum rate rate);
void mailin_place_uncount(struct common *common, const struct place *place,
    enum rate rate);

#endif
