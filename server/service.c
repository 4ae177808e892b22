/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "receiver.h"
#include "service.h"

bool
service_open(struct service *service, const struct options *options)
{
	memset(service, 0, sizeof *service);
	service->options = options;
	service->handler = receiver_handler(options);
	if (options->passwd != NULL) {
		service->passwd = passwd_load(options->passwd);
		if (service->passwd == NULL)
			return false;
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
