/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TAKE_H
#define MAILIN_SERVER_TAKE_H

#include "settings/policy.h"

/* Functions that take the value of an option.  Each returns false, with the
 * reason on stderr, if the value is wrong. */

bool take_number(const struct given *given, unsigned minimum, unsigned maximum,
    unsigned *number);

/* Take an option that switches something on.  On the command line it has no
 * value; in a file its value is yes or no. */
bool take_switch(const struct given *given, bool *is_on);

/* Take a text that is not empty.  "what" says in messages what the text must
 * be, as in "a file". */
bool take_text(const struct given *given, const char *what, const char **text);

bool take_endpoint(struct policy *policy, const struct given *given, bool tls);

/* Add a domain.  A domain that no address can have is an error, because
 * otherwise all mail would be refused, and nothing would say why. */
bool take_domain(struct policy *policy, const struct given *given);

/* Add a network to an array. */
bool take_network(const struct given *given, struct mailin_network **networks,
    size_t *count);

#endif
