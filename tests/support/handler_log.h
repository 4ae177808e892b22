/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_HANDLER_LOG_H
#define MAILIN_TESTS_HANDLER_LOG_H

#include "support/client.h"

/* The handler of a client (client.h).  It logs each callback, and returns the
 * reply for it in client.answers. */
void handler_log_init(struct mailin_handler *handler);

/* Also set the callbacks for verbs and parameters that the library does not
 * know.  At first these callbacks refuse, as the library does without them. */
void handler_log_own(struct client *client);

/* Also log each line that comes from the client or goes to it. */
void handler_log_trace(struct mailin_handler *handler);

void pile_add(struct pile *pile, const char *octets, size_t len);

#endif
