/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TRUST_H
#define MAILIN_EVENT_TRUST_H

#include <mailin/event.h>

#include "io/netaddr.h"

/* Returns true if a peer that has connected directly is trusted, as a proxy or
 * to use XCLIENT. */
bool mailin_trust_has(const struct mailin_trust *trust,
    const struct netaddr *peer);

/* Returns true if the peer may use XCLIENT and XFORWARD.  A peer in proxy_from
 * may not, because every client that connects through that proxy could then use
 * these commands. */
bool mailin_trust_tells(const struct mailin_trust *trust,
    const struct netaddr *peer);

#endif
