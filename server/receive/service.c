/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "confine/sandbox.h"
#include "log/log.h"
#include "manager/manager.h"
#include "receive/expiry.h"
#include "receive/service.h"
#include "relay/relay.h"

static bool
start_scram(struct service *service)
{
	if (!scram_is_built)
		return true;
	service->scram = scram_server_new();
	if (service->scram == NULL)
		log_error("cannot start libgsasl");
	return service->scram != NULL;
}

bool
service_load(struct service *service, struct options *options,
    const struct mailin_handler *handler)
{
	memset(service, 0, sizeof *service);
	service->options = options_hold(options);
	service->present = options_hold(options);
	service->handler = *handler;
	service->files = files_load_all(service, options);
	if (service->files == NULL)
		return false;
	expiry_tell(service);
	if (options->back_ends.count == 0)
		return true;
	service->back_ends = service_look_up(options);
	return service->back_ends != NULL;
}

bool
service_can_use(const struct service *service, const struct options *options)
{
	bool same = (options->back_ends.count > 0) ==
	    (service->options->back_ends.count > 0);

	if (!same)
		log_error("smtp or lmtp was added or removed: that needs a "
			  "restart");
	return same;
}

struct back_ends *
service_look_up(const struct options *options)
{
	return back_ends_new(&options->back_ends,
	    mailin_config_hostname(options->policies[0]->config));
}

const struct store_kind *
service_store_kind(const struct options *options)
{
	if (options->back_ends.count > 0)
		return &relay_store;
	if (options->discard)
		return &discard_store;
	return options_have_template(options) ? &maildirs_store :
						&maildir_store;
}

static bool
open_store(struct service *service)
{
	const struct options *options = service->options;
	const struct store_kind *kind = service_store_kind(options);
	const struct store_options of_store = {
		.place = options->maildir,
		.crlf = options->maildir_crlf,
		.hostname = mailin_config_hostname(
		    options->policies[0]->config),
		.back_ends = service->back_ends,
	};

	service->store = kind->open(&of_store);
	return service->store != NULL;
}

/* Returns the sum of enum sandbox_needs for these options. */
static unsigned
needs_of(const struct options *options)
{
	unsigned needs = 0;

	if (options->log == LOG_TO_SYSLOG)
		needs |= SANDBOX_DATAGRAMS | SANDBOX_CONNECT;
	if (manager_listens())
		needs |= SANDBOX_DATAGRAMS;
	if (options->config != NULL)
		needs |= SANDBOX_LISTEN;
	if (options->back_ends.count > 0)
		needs |= SANDBOX_RELAY;
	return needs;
}

bool
service_confine(struct service *service)
{
	const struct options *options = service->options;

	if (!start_scram(service) || !privileges_drop(&options->user))
		return false;
	files_foretell(options);
	return open_store(service) &&
	    (!options->sandbox || sandbox_enter(needs_of(options)));
}

void
service_set_clients(const struct service *service, unsigned clients)
{
	if (service->back_ends != NULL)
		relay_set_spare(service->store,
		    links_spare_for(clients, service->options->threads));
}

void
service_exchange(struct service *service, struct options *options,
    struct files **files, struct back_ends *back_ends)
{
	if (back_ends != NULL)
		relay_exchange(service->store, back_ends);
	back_ends_drop(service->back_ends);
	service->back_ends = back_ends;
	files_drop_all(service->files, service->present->policy_count);
	options_drop(service->present);
	service->present = options;
	service->files = files;
}

void
service_close(struct service *service)
{
	if (service->store != NULL)
		service->store->kind->close(service->store);
	back_ends_drop(service->back_ends);
	scram_server_free(service->scram);
	files_drop_all(service->files, service->present->policy_count);
	options_drop(service->present);
	options_drop(service->options);
}
