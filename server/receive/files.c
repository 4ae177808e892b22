/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "log/log.h"
#include "receive/files.h"

static bool
load_passwd(struct files *files, const struct policy *policy)
{
	if (policy->passwd == NULL)
		return true;
	files->passwd = passwd_load(policy->passwd, policy->ignore_case);
	return files->passwd != NULL;
}

static bool
load_recipients(struct files *files, const struct policy *policy)
{
	if (policy->recipients == NULL)
		return true;
	files->recipients = recipients_load(policy->recipients,
	    policy->ignore_case);
	return files->recipients != NULL;
}

static bool
load_tls(struct files *files, const struct policy *policy)
{
	struct mailin_tls_options names = { .size = sizeof names,
		.certificate = policy->tls_certificate,
		.key = policy->tls_key };
	struct mailin_fault fault;

	if (policy->tls_certificate == NULL)
		return true;
	files->tls = mailin_tls_context_new(&names, &fault);
	if (files->tls == NULL)
		log_error("%s", fault.text);
	return files->tls != NULL;
}

struct files *
files_load(struct service *service, struct options *options,
    const struct policy *policy)
{
	struct files *files = calloc(1, sizeof *files);

	if (files == NULL) {
		log_error("no memory");
		return NULL;
	}
	atomic_init(&files->owners, 1);
	files->service = service;
	files->options = options_hold(options);
	files->policy = policy;
	if (!policy->serves)
		return files;
	if (load_passwd(files, policy) && load_recipients(files, policy) &&
	    load_tls(files, policy))
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
	recipients_free(files->recipients);
	passwd_free(files->passwd);
	options_drop(files->options);
	free(files);
}

struct files **
files_load_all(struct service *service, struct options *options)
{
	struct files **files = calloc(options->policy_count, sizeof *files);
	size_t i;

	if (files == NULL) {
		log_error("no memory");
		return NULL;
	}
	for (i = 0; i < options->policy_count; i++) {
		files[i] = files_load(service, options, options->policies[i]);
		if (files[i] == NULL) {
			files_drop_all(files, i);
			return NULL;
		}
	}
	return files;
}

void
files_drop_all(struct files **files, size_t count)
{
	size_t i;

	for (i = 0; files != NULL && i < count; i++)
		files_drop(files[i]);
	free(files);
}
