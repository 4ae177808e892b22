/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LIMIT_OPTIONS_H
#define MAILIN_SERVER_LIMIT_OPTIONS_H

#include "settings/options.h"

/* Functions that take the options for the limits of each address
 * (option_table.h). */

bool take_address_connections(struct options *options,
    const struct given *given);
bool take_address_window(struct options *options, const struct given *given);
bool take_address_new(struct options *options, const struct given *given);
bool take_address_messages(struct options *options, const struct given *given);
bool take_address_refused(struct options *options, const struct given *given);
bool take_address_auth(struct options *options, const struct given *given);
bool take_exempt(struct options *options, const struct given *given);

#endif
