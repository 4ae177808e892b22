/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/file.h"
#include "log/log.h"
#include "receive/files.h"
#include "receive/service.h"

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
	    policy->ignore_case,
	    options_have_template(files->service->options));
	return files->recipients != NULL;
}

static bool
may_read_all(const struct policy *policy)
{
	bool good = file_may_read(policy->tls_client_ca);
	size_t i;

	for (i = 0; good && i < policy->certificate_count; i++)
		good = file_may_read(policy->certificates[i].certificate) &&
		    file_may_read(policy->certificates[i].key);
	return good;
}

static bool
load_tls(struct files *files, const struct policy *policy)
{
	struct mailin_tls_options options = { .size = sizeof options };
	struct mailin_fault fault;

	if (!policy_has_tls(policy))
		return true;
	if (!may_read_all(policy))
		return false;
	if (policy->tls_self_signed) {
		options.self_signed = mailin_config_hostname(policy->config);
	} else {
		options.certificate = policy->certificates[0].certificate;
		options.key = policy->certificates[0].key;
		options.others = policy->certificates + 1;
		options.others_count = policy->certificate_count - 1;
	}
	options.client_ca = policy->tls_client_ca;
	files->tls = mailin_tls_context_new(&options, &fault);
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

/* Warn if the process cannot read this file.  If one of the first "count"
 * policies has the file, too, it was reported before. */
static void
foretell_file(const struct options *options, size_t count, const char *path)
{
	if (path != NULL && !options_have_file(options, count, path) &&
	    faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		log_warning("%s: %s; SIGHUP cannot read it again", path,
		    strerror(errno));
}

static void
foretell(const struct options *options, size_t i)
{
	const struct policy *policy = options->policies[i];
	size_t n;

	foretell_file(options, i, policy->passwd);
	foretell_file(options, i, policy->recipients);
	foretell_file(options, i, policy->tls_client_ca);
	for (n = 0; n < policy->certificate_count; n++) {
		foretell_file(options, i, policy->certificates[n].certificate);
		foretell_file(options, i, policy->certificates[n].key);
	}
}

void
files_foretell(const struct options *options)
{
	size_t i;

	for (i = 0; i < options->policy_count; i++)
		if (options->policies[i]->serves)
			foretell(options, i);
	foretell_file(options, i, options->config);
	foretell_file(options, i, options->back_ends.ca);
	foretell_file(options, i, options->back_ends.auth);
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

/* Returns true if a listener has the option --tls-self-signed. */
static bool
have_self_signed(const struct options *options)
{
	bool found = false;
	size_t i;

	for (i = 0; !found && i < options->policy_count; i++)
		found = options->policies[i]->serves &&
		    options->policies[i]->tls_self_signed;
	return found;
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
	if (have_self_signed(options))
		log_warning("--tls-self-signed: clients cannot verify this "
			    "server, so anybody can pretend to be it; use it "
			    "only to try things out");
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
