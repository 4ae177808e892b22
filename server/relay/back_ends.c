/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "access/file.h"
#include "log/log.h"
#include "relay/back_ends.h"

/* Add a back end for each address that its name has. */
static bool
add_places(struct back_ends *back_ends, const char *name, const char *host,
    const struct place *places, size_t count)
{
	struct back_end *items = realloc(back_ends->items,
	    (back_ends->count + count) * sizeof *items);
	size_t i;

	if (items == NULL)
		return false;
	back_ends->items = items;
	for (i = 0; i < count; i++) {
		struct back_end *item = &items[back_ends->count];

		*item = (struct back_end){ .name = strdup(name),
			.host = strdup(host),
			.place = places[i] };
		back_ends->count++;
		if (item->name == NULL || item->host == NULL)
			return false;
	}
	return true;
}

static bool
add(struct back_ends *back_ends, const char *name)
{
	struct place *places = NULL;
	size_t count = 0;
	char host[PLACE_HOST_SIZE];
	const char *fault = place_find(name, &places, &count);

	place_host(name, host);
	if (fault == NULL && !add_places(back_ends, name, host, places, count))
		fault = "no memory";
	free(places);
	if (fault != NULL)
		log_error("%s: %s", name, fault);
	return fault == NULL;
}

/* Call when no more back ends are added, since an initialized lock must not be
 * moved. */
static void
init_back_off(struct back_ends *back_ends)
{
	size_t i;

	for (i = 0; i < back_ends->count; i++)
		back_off_init(&back_ends->items[i].back_off);
}

static bool
add_all(struct back_ends *back_ends, const struct back_end_options *options)
{
	size_t i;
	bool good = true;

	for (i = 0; good && i < options->count; i++)
		good = add(back_ends, options->names[i]);
	init_back_off(back_ends);
	return good;
}

static bool
load_trust(struct back_ends *back_ends, const char *ca)
{
	if (back_ends->tls == TLS_NONE)
		return true;
	if (!file_may_read(ca))
		return false;
	back_ends->trust = trust_new(ca);
	return back_ends->trust != NULL;
}

/* A password goes in clear only to a server on this machine. */
static bool
is_private(const struct back_ends *back_ends)
{
	size_t i;

	for (i = 0; back_ends->tls == TLS_NONE && i < back_ends->count; i++)
		if (!place_is_here(&back_ends->items[i].place)) {
			log_error("back-end-auth: %s is on another machine: "
				  "that needs back-end-tls",
			    back_ends->items[i].name);
			return false;
		}
	return true;
}

static bool
start_scram(struct back_ends *back_ends)
{
	if (!proof_is_built)
		return true;
	if (!proof_can_use(back_ends->credentials)) {
		log_warning("back-end-auth: SCRAM cannot use this user or "
			    "password (RFC 4013): only AUTH PLAIN is used");
		return true;
	}
	back_ends->prover = prover_new(back_ends->count);
	if (back_ends->prover == NULL)
		log_error("cannot start libgsasl");
	return back_ends->prover != NULL;
}

static bool
load_credentials(struct back_ends *back_ends, const char *file)
{
	if (file == NULL)
		return true;
	back_ends->credentials = credentials_load(file);
	return back_ends->credentials != NULL && is_private(back_ends) &&
	    start_scram(back_ends);
}

struct back_ends *
back_ends_new(const struct back_end_options *options, const char *hostname)
{
	struct back_ends *back_ends = calloc(1, sizeof *back_ends);

	if (back_ends != NULL)
		back_ends->hostname = strdup(hostname);
	if (back_ends == NULL || back_ends->hostname == NULL) {
		log_error("no memory");
		free(back_ends);
		return NULL;
	}
	atomic_init(&back_ends->owners, 1);
	back_ends->lmtp = options->lmtp;
	back_ends->tls = options->tls;
	back_ends->xclient = options->xclient;
	back_ends->timeout = options->timeout;
	if (add_all(back_ends, options) && load_trust(back_ends, options->ca) &&
	    load_credentials(back_ends, options->auth))
		return back_ends;
	back_ends_drop(back_ends);
	return NULL;
}

struct back_ends *
back_ends_hold(struct back_ends *back_ends)
{
	atomic_fetch_add(&back_ends->owners, 1);
	return back_ends;
}

void
back_ends_drop(struct back_ends *back_ends)
{
	if (back_ends == NULL || atomic_fetch_sub(&back_ends->owners, 1) > 1)
		return;
	while (back_ends->count > 0) {
		struct back_end *item = &back_ends->items[--back_ends->count];

		back_off_free(&item->back_off);
		free(item->name);
		free(item->host);
	}
	trust_free(back_ends->trust);
	credentials_free(back_ends->credentials);
	prover_free(back_ends->prover);
	free(back_ends->items);
	free(back_ends->hostname);
	free(back_ends);
}
