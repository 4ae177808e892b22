/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "log/log.h"
#include "receive/service.h"

/* Read the files that the options name.  Returns false, with the reason on
 * stderr, if one of them cannot be used. */
static bool
read_files(struct service *service, const struct options *options)
{
	if (options->passwd != NULL) {
		service->passwd = passwd_load(options->passwd);
		if (service->passwd == NULL)
			return false;
	}
	if (options->tls_certificate != NULL) {
		struct mailin_tls_options files = { .size = sizeof files,
			.certificate = options->tls_certificate,
			.key = options->tls_key };
		struct mailin_fault fault;

		service->tls = mailin_tls_context_new(&files, &fault);
		if (service->tls == NULL)
			log_error("%s", fault.text);
		return service->tls != NULL;
	}
	return true;
}

static bool
open_maildir(struct service *service, const struct options *options)
{
	return options->discard ||
	    maildir_open(&service->maildir, options->maildir,
		mailin_config_hostname(options->config));
}

bool
service_open(struct service *service, const struct options *options,
    const struct mailin_handler *handler)
{
	memset(service, 0, sizeof *service);
	service->options = options;
	service->handler = *handler;
	service->maildir.tmp = service->maildir.new = -1;
	if (read_files(service, options) && open_maildir(service, options))
		return true;
	mailin_tls_context_free(service->tls);
	passwd_free(service->passwd);
	return false;
}

void
service_close(struct service *service)
{
	maildir_close(&service->maildir);
	mailin_tls_context_free(service->tls);
	passwd_free(service->passwd);
}
