/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SERVICE_H
#define MAILIN_SERVER_SERVICE_H

#include <stdatomic.h>

#include <mailin/handler.h>

#include "store/maildir.h"
#include "settings/options.h"
#include "settings/passwd.h"
#include "event/pool.h"
#include "event/tls.h"

/* What all sessions share. */
struct service {
	const struct options *options;
	struct mailin_handler handler;
	struct maildir maildir;     /* closed with --discard */
	struct passwd_file *passwd; /* NULL: nobody logs in */
	struct tls_context *tls;    /* NULL: there is none */
	struct pool storing;        /* runs message_store */
	struct pool verifying;      /* runs passwd_verify: apart, so that
	                                      a guesser of passwords cannot hold
	                                      up the mail */
	atomic_ulong sessions;      /* so far */
	atomic_uint connections;    /* now */
	unsigned max_connections;   /* the option, or fewer: see
	                                          descriptors.h */
};

/* handler is that of all sessions.  False, with the reason on stderr, if it
 * cannot serve. */
bool service_open(struct service *service, const struct options *options,
    const struct mailin_handler *handler);
void service_close(struct service *service);

#endif
