/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <limits.h>
#include <string.h>
#include <time.h>

#include "client/place.h"
#include "client/policy.h"
#include "io/network.h"

static const char *const reasons[RATE_COUNT] = {
	[RATE_CONNECTIONS] = "its address opens too many connections",
	[RATE_MESSAGES] = "its address sends too many messages",
	[RATE_REFUSED_RCPTS] = "its address names too many wrong recipients",
	[RATE_AUTH_FAILURES] = "its address fails to log in too often",
};

static int64_t
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool
is_exempt(struct common *common, const struct netaddr *client)
{
	bool exempt;

	pthread_mutex_lock(&common->lock);
	exempt = mailin_networks_have(common->exempt, common->exempt_count,
	    client);
	pthread_mutex_unlock(&common->lock);
	return exempt;
}

/* Count the client as one of those that its address has now.  Returns NULL, or
 * the reason why the client must be refused. */
static const char *
enter(struct common *common, const struct netaddr *client, struct place *place)
{
	unsigned most = atomic_load(&common->max_of_address);
	bool full = false;

	if (most == UINT_MAX)
		return NULL;
	place->address = mailin_addresses_enter(&common->addresses, client,
	    most, &full);
	if (place->address != NULL)
		return NULL;
	return full ? "its address has too many clients" : "no memory";
}

const char *
mailin_place_take(struct common *common, bool is_trusted,
    const struct netaddr *client, struct place *place)
{
	const char *reason;

	memset(place, 0, sizeof *place);
	if (is_trusted || is_exempt(common, client))
		return NULL;
	place->key = mailin_address_key(client);
	place->counted = true;
	reason = mailin_place_count(common, place, RATE_CONNECTIONS);
	if (reason == NULL)
		reason = enter(common, client, place);
	if (reason != NULL)
		memset(place, 0, sizeof *place);
	return reason;
}

void
mailin_place_leave(struct common *common, struct place *place)
{
	if (place->address != NULL)
		mailin_addresses_leave(&common->addresses, place->address);
	memset(place, 0, sizeof *place);
}

const char *
mailin_place_count(struct common *common, const struct place *place,
    enum rate rate)
{
	return !place->counted ||
		mailin_rates_take(&common->rates, &place->key, rate,
		    seconds()) ?
	    NULL :
	    reasons[rate];
}

void
mailin_place_uncount(struct common *common, const struct place *place,
    enum rate rate)
{
	if (place->counted)
		mailin_rates_give(&common->rates, &place->key, rate, seconds());
}
