/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_HANDLER_LOG_H
#define MAILIN_TESTS_HANDLER_LOG_H

#include "client.h"

/* The handler of a client: it logs what it is asked, and answers what the
 * client's answers say. */
void handler_log_init(struct mailin_handler *handler);

/* Have the callbacks for what the library does not know, too; at first they
 * refuse it as the library does. */
void handler_log_own(struct client *client);

/* Log each line in and out too. */
void handler_log_trace(struct mailin_handler *handler);

void pile_add(struct pile *pile, const char *octets, size_t len);

#endif
