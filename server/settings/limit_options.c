/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <limits.h>
#include <string.h>

#include "settings/limit_options.h"
#include "settings/take.h"

/* Take a number; 0 means that there is no limit. */
static bool
take_limit(const struct given *given, unsigned *limit)
{
	bool good = take_number(given, 0, 1000000000, limit);

	*limit = *limit == 0 ? UINT_MAX : *limit;
	return good;
}

bool
take_address_connections(struct options *options, const struct given *given)
{
	return take_limit(given, &options->limits.connections_of_address);
}

bool
take_address_window(struct options *options, const struct given *given)
{
	return take_number(given, 1, 86400, &options->limits.window);
}

bool
take_address_new(struct options *options, const struct given *given)
{
	return take_limit(given, &options->limits.connections_in_window);
}

bool
take_address_messages(struct options *options, const struct given *given)
{
	return take_limit(given, &options->limits.messages_in_window);
}

bool
take_address_refused(struct options *options, const struct given *given)
{
	return take_limit(given, &options->limits.refused_rcpts_in_window);
}

bool
take_address_auth(struct options *options, const struct given *given)
{
	return take_limit(given, &options->limits.auth_failures_in_window);
}

bool
take_exempt(struct options *options, const struct given *given)
{
	options->exempts_none |= strcmp(given->value, "none") == 0;
	return strcmp(given->value, "none") == 0 ||
	    take_network(given, &options->exempt,
		&options->limits.exempt_count);
}
