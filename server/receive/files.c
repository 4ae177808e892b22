/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "log/log.h"
#include "receive/files.h"

static bool
load_passwd(struct files *files, const char *path)
{
	if (path == NULL)
		return true;
	files->passwd = passwd_load(path);
	return files->passwd != NULL;
}

static bool
load_tls(struct files *files, const struct options *options)
{
	struct mailin_tls_options names = { .size = sizeof names,
		.certificate = options->tls_certificate,
		.key = options->tls_key };
	struct mailin_fault fault;

	if (options->tls_certificate == NULL)
		return true;
	files->tls = mailin_tls_context_new(&names, &fault);
	if (files->tls == NULL)
		log_error("%s", fault.text);
	return files->tls != NULL;
}

struct files *
files_load(struct service *service, const struct options *options)
{
	struct files *files = calloc(1, sizeof *files);

	if (files == NULL) {
		log_error("no memory");
		return NULL;
	}
	atomic_init(&files->owners, 1);
	files->service = service;
	if (load_passwd(files, options->passwd) && load_tls(files, options))
		return files;
	files_drop(files);
	return NULL;
}

struct files *
files_hold(struct files *files)
{
	atomic_fetch_add(&files->owners, 1);
	return files;
}

void
files_drop(struct files *files)
{
	if (files == NULL || atomic_fetch_sub(&files->owners, 1) > 1)
		return;
	mailin_tls_context_free(files->tls);
	passwd_free(files->passwd);
	free(files);
}
