/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MANAGER_H
#define MAILIN_SERVER_MANAGER_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;

/*
 * The service manager systemd, by libsystemd.  The manager may have started the
 * server, and may have opened its sockets.  It may want to know when the server
 * is ready, and whether it still works.  In a build without libsystemd, or if
 * something else has started the server, these functions do nothing and return
 * no sockets.
 */

/* Returns true if this build has libsystemd. */
bool manager_exists(void);

/* Each socket that the manager has opened has a name, which several sockets may
 * share.  Returns the socket with index i among those with this name, as an
 * address for mailin_server_listen.  Returns NULL if the index is too large. */
const char *manager_socket(const char *name, size_t i);

/* Returns true if the manager waits for messages, which needs a socket. */
bool manager_listens(void);

/* Tell the manager that the server serves, reads its files again, or ends. */
void manager_ready(void);
void manager_reloading(void);
void manager_stopping(void);

/* If the manager wants signs of life, send them from this event loop, so that
 * they stop if the loop hangs.  Returns false if there is no memory. */
bool manager_watch(struct event_base *base);
void manager_unwatch(void);

#endif
