/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LISTENERS_H
#define MAILIN_SERVER_LISTENERS_H

#include "receive/service.h"

/* An open listener. */
struct slot {
	struct mailin_listener *handle;
	bool is_new;  /* listeners_announce has not logged it yet */
	bool is_kept; /* it stays open when the settings are read again */
};

/* The open listeners of the current options (service->present), with one slot
 * for each. */
struct listeners {
	struct service *service;
	struct mailin_server *server;
	struct slot *slots;
	size_t count;
};

/* Listen at all addresses that the settings name.  Returns false, with the
 * reason on stderr, if that fails. */
bool listeners_open(struct listeners *listeners);

/* Log the addresses of all listeners that were opened since the last call. */
void listeners_announce(struct listeners *listeners);

/* Use these settings, and read the files that they name; clients that connect
 * from now on use them.  Open and close listeners accordingly.  The service
 * takes ownership of the settings and the back ends.  Returns false, with the
 * reason on stderr, if something is wrong; nothing has then changed, and the
 * settings and the back ends are freed. */
bool listeners_reload(struct listeners *listeners, struct options *options,
    struct back_ends *back_ends);

#endif
