/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "service.h"

bool
service_open(struct service *service, const struct options *options,
    const struct mailin_handler *handler)
{
	memset(service, 0, sizeof *service);
	service->options = options;
	service->handler = *handler;
	if (options->passwd != NULL) {
		service->passwd = passwd_load(options->passwd);
		if (service->passwd == NULL)
			return false;
	}
	if (options->discard) {
		service->maildir.tmp = service->maildir.new = -1;
		return true;
	}
	if (maildir_open(&service->maildir, options->maildir,
	    mailin_config_hostname(options->config)))
		return true;
	passwd_free(service->passwd);
	return false;
}

void
service_close(struct service *service)
{
	maildir_close(&service->maildir);
	passwd_free(service->passwd);
}
