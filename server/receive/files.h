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
 * A policy, and what the files say that it names.  SIGHUP has them read again;
 * the sessions that are there go on with what they have.  So each owner holds
 * the files, and the last one that drops them frees them, in any thread.
 */
struct files {
	atomic_uint owners;
	struct service *service;
	struct options *options;        /* held: the policy is theirs */
	const struct policy *policy;    /* which names the files */
	struct passwd_file *passwd;     /* NULL: AUTH is not offered */
	struct recipients *recipients;  /* NULL: all */
	struct mailin_tls_context *tls; /* NULL: no TLS */
};

/* Read the files of a policy of the options; the caller is the first owner.
 * Reads none if no client comes by the policy.  Returns NULL, with the reason
 * on stderr in one line, if one of the files cannot be used. */
struct files *files_load(struct service *service, struct options *options,
    const struct policy *policy);

/* Say of each file that the present user cannot read, that SIGHUP cannot read
 * it again. */
void files_foretell(const struct options *options);

struct files *files_hold(struct files *files);

/* NULL is allowed. */
void files_drop(struct files *files);

/* The same for all policies of the options: an array of their files. */
struct files **files_load_all(struct service *service, struct options *options);
void files_drop_all(struct files **files, size_t count);

#endif
