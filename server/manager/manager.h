/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MANAGER_H
#define MAILIN_SERVER_MANAGER_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;

/*
 * The service manager, systemd, by libsystemd.  It may have started the server,
 * may have opened its sockets, and may want to be told how it does.  Without
 * libsystemd, or if another program has started the server, there is nobody to
 * tell, and there are no sockets.
 */

/* Returns true if this build has libsystemd. */
bool manager_exists(void);

/* Returns socket number i, from 0, of those that have the name, as an address
 * for mailin_server_listen; NULL if there are not so many. */
const char *manager_socket(const char *name, size_t i);

/* Returns true if the manager is to be told.  A socket is needed for that. */
bool manager_listens(void);

/* The server serves; reads its files again; ends. */
void manager_ready(void);
void manager_reloading(void);
void manager_stopping(void);

/* If the manager wants signs of life, give them from this loop, so that none
 * comes if the loop hangs.  Returns false if there is no memory. */
bool manager_watch(struct event_base *base);
void manager_unwatch(void);

#endif
