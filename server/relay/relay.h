/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELAY_H
#define MAILIN_SERVER_RELAY_H

#include "relay/back_ends.h"
#include "relay/links.h"
#include "store/store.h"

/*
 * The store of --smtp and --lmtp, which does not store anything itself.  Each
 * transaction of a client becomes a transaction of a back end, whose replies
 * the client gets.  A message is accepted when the back end has accepted it, so
 * it is never lost between this server and the back end.
 */
extern const struct store_kind relay_store;

/* Make a store of this kind that uses these back ends.  Returns NULL, with the
 * reason on stderr, if there is no memory. */
struct store *relay_new(const struct store_kind *kind,
    struct back_ends *back_ends);

/* Use other back ends for new transactions. */
void relay_exchange(struct store *store, struct back_ends *back_ends);

/* Set how many connections without a client each thread may keep
 * (links_spare_for).  Call before a client is served. */
void relay_set_spare(struct store *store, unsigned spare);

/* Close all connections.  Call when no thread serves clients, and before the
 * event_bases are freed. */
void relay_hang_up(struct store *store);

/* Free the store. */
void relay_close(struct store *store);

/* Returns the links of the calling thread, which must serve the client, or NULL
 * if there is no memory. */
struct links *relay_links(const struct store_client *client);

#endif
