/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "receive/service.h"

static bool
open_maildir(struct service *service, const struct options *options)
{
	return options->discard ||
	    maildir_open(&service->maildir, options->maildir,
		mailin_config_hostname(options->policies[0]->config));
}

bool
service_open(struct service *service, const struct options *options,
    const struct mailin_handler *handler)
{
	memset(service, 0, sizeof *service);
	service->options = options;
	service->handler = *handler;
	service->maildir.tmp = service->maildir.new = -1;
	service->files = files_load_all(service, options);
	if (service->files != NULL && open_maildir(service, options))
		return true;
	files_drop_all(service->files, options->policy_count);
	return false;
}

void
service_close(struct service *service)
{
	maildir_close(&service->maildir);
	files_drop_all(service->files, service->options->policy_count);
}
