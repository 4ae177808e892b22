/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TAKE_H
#define MAILIN_SERVER_TAKE_H

#include "settings/policy.h"

/* What rows of the table of options do to take a value.  Each returns false,
 * with the reason on stderr, if the value is wrong. */

bool take_number(const struct given *given, unsigned minimum, unsigned maximum,
    unsigned *number);

/* An option without a value switches something on; in a file its value is yes
 * or no. */
bool take_switch(const struct given *given, bool *is_on);

/* A text that is not empty; what says in messages what it is. */
bool take_text(const struct given *given, const char *what, const char **text);

bool take_endpoint(struct policy *policy, const struct given *given, bool tls);

/* A domain that no address can have would refuse all mail without a word, so it
 * is an error. */
bool take_domain(struct policy *policy, const struct given *given);

/* Add a network to an array. */
bool take_network(const struct given *given, struct mailin_network **networks,
    size_t *count);

#endif
