/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "client/limits.h"

#define MAX_CONNECTIONS 1000
#define GRACE           30

/* By default one address may have at least this many clients, even if
 * max_connections is small. */
#define LEAST_OF_ADDRESS 10

/* Replace the exempt networks.  Returns false if there is no memory. */
static bool
set_exempt(struct common *common, const struct mailin_network *networks,
    size_t count)
{
	struct mailin_network *copy = NULL, *before;

	if (count > 0) {
		copy = calloc(count, sizeof *copy);
		if (copy == NULL)
			return false;
		memcpy(copy, networks, count * sizeof *copy);
	}
	pthread_mutex_lock(&common->lock);
	before = common->exempt;
	common->exempt = copy;
	common->exempt_count = count;
	pthread_mutex_unlock(&common->lock);
	free(before);
	return true;
}

static unsigned
default_to(unsigned number, unsigned instead)
{
	return number > 0 ? number : instead;
}

/* Returns how many clients one address may have by default.  With this limit
 * one address cannot use all connections, if more than LEAST_OF_ADDRESS are
 * allowed. */
static unsigned
share_of(unsigned connections)
{
	return connections / 10 > LEAST_OF_ADDRESS ? connections / 10 :
						     LEAST_OF_ADDRESS;
}

static void
set_rates(struct rates *rates, const struct mailin_server_limits *limits)
{
	const uint32_t most[RATE_COUNT] = {
		[RATE_CONNECTIONS] = default_to(limits->connections_in_window,
		    3000),
		[RATE_MESSAGES] = default_to(limits->messages_in_window, 10000),
		[RATE_REFUSED_RCPTS] = default_to(
		    limits->refused_rcpts_in_window, 300),
		[RATE_AUTH_FAILURES] = default_to(
		    limits->auth_failures_in_window, 30),
	};

	mailin_rates_set(rates, default_to(limits->window, 600), most);
}

bool
mailin_limits_set(struct common *common,
    const struct mailin_server_limits *given)
{
	struct mailin_server_limits limits = { .size = 0 };

	memcpy(&limits, given,
	    given->size < sizeof limits ? given->size : sizeof limits);
	if (!set_exempt(common, limits.exempt, limits.exempt_count))
		return false;
	limits.connections = default_to(limits.connections, MAX_CONNECTIONS);
	atomic_store(&common->max_connections, limits.connections);
	atomic_store(&common->max_of_address,
	    default_to(limits.connections_of_address,
		share_of(limits.connections)));
	atomic_store(&common->grace,
	    limits.grace == UINT_MAX ? 0 : default_to(limits.grace, GRACE));
	set_rates(&common->rates, &limits);
	return true;
}

void
mailin_limits_init(struct common *common)
{
	static const struct mailin_server_limits defaults = {
		.size = sizeof defaults
	};

	mailin_addresses_init(&common->addresses);
	mailin_rates_init(&common->rates);
	pthread_mutex_init(&common->lock, NULL);
	(void)mailin_limits_set(common, &defaults);
}

void
mailin_limits_end(struct common *common)
{
	mailin_addresses_end(&common->addresses);
	mailin_rates_end(&common->rates);
	free(common->exempt);
	pthread_mutex_destroy(&common->lock);
}
