/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SENDERS_H
#define MAILIN_SERVER_SENDERS_H

#include <mailin/address.h>

/*
 * The senders that a user may use: a list of addresses and whole domains
 * (access/address.h), separated by commas, with or without blanks.  An empty
 * list allows no sender.
 */

/* Returns true if each name in the list is an address or a whole domain. */
bool senders_are_valid(const char *list);

/* Returns true if the list names the address or all of its domain. */
bool senders_have(const char *list, const struct mailin_path *path,
    struct mailin_span domain, bool ignore_case);

#endif
