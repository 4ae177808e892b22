/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_FILES_H
#define MAILIN_SERVER_FILES_H

#include <stdatomic.h>

#include <mailin/event.h>

#include "access/passwd.h"
#include "access/recipients.h"
#include "settings/options.h"

struct service;

/*
 * A policy and the contents of the files that it names.  After SIGHUP the files
 * are read again, but the sessions that exist keep the old contents.  So each
 * user of a struct files is an owner of it; the last owner that drops it frees
 * it, in any thread.
 */
struct files {
	atomic_uint owners;
	struct service *service;
	/* The policy belongs to these options, so the files are an owner of the
	 * options (options_hold). */
	struct options *options;
	const struct policy *policy;    /* the policy that names the files */
	struct passwd_file *passwd;     /* NULL: AUTH is not offered */
	struct recipients *recipients;  /* NULL: all recipients are accepted */
	struct mailin_tls_context *tls; /* NULL: no TLS */
};

/* Read the files of a policy; the caller is the first owner.  Reads no file if
 * the policy has no clients.  Returns NULL, with the reason on stderr in one
 * line, if a file cannot be used. */
struct files *files_load(struct service *service, struct options *options,
    const struct policy *policy);

/* Warn of each file that the present user of the process cannot read: after
 * SIGHUP the server could not read that file again. */
void files_foretell(const struct options *options);

struct files *files_hold(struct files *files);

/* Release the files; their last owner frees them.  files may be NULL. */
void files_drop(struct files *files);

/* Load the files of all policies of the options, or drop them.  The result is
 * an array with one struct files for each policy. */
struct files **files_load_all(struct service *service, struct options *options);
void files_drop_all(struct files **files, size_t count);

#endif
