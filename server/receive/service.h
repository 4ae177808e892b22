/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SERVICE_H
#define MAILIN_SERVER_SERVICE_H

#include <stdatomic.h>

#include <mailin/event.h>

#include "access/scram.h"
#include "access/scram_users.h"
#include "store/store.h"
#include "settings/options.h"
#include "receive/files.h"
#include "receive/pool.h"

/* The data that all sessions share. */
struct service {
	struct options *options; /* the options of the start */
	struct options *present; /* the options for new clients */
	struct mailin_handler handler;
	struct store *store;         /* NULL until service_confine */
	struct back_ends *back_ends; /* NULL: no back ends */
	/* An array with the files of each policy of the current options. */
	struct files **files;
	struct scram_server *scram; /* NULL: no SCRAM */
	struct pool storing;        /* runs message_store */
	/* Runs passwd_verify.  It is a pool of its own, so that a client that
	 * guesses passwords does not delay mail. */
	struct pool verifying;
	atomic_ulong sessions; /* the number of the last session */
};

/* Read the files that the options name, with the rights of the user who starts
 * the server.  handler is the handler of all sessions.  Returns false, with the
 * reason on stderr, if a file is wrong.  Call service_close whatever the result
 * is. */
bool service_load(struct service *service, struct options *options,
    const struct mailin_handler *handler);

/* Give up the rights that only the start needs, open the store, and enter the
 * sandbox.  Call when all sockets are open, before there are threads and before
 * a client is served.  Returns false, with the reason on stderr, if that fails;
 * the process must then end. */
bool service_confine(struct service *service);

/* Tell the store the maximum number of clients at a time.  Call before a client
 * is served. */
void service_set_clients(const struct service *service, unsigned clients);

/* Returns the kind of store that the options ask for. */
const struct store_kind *service_store_kind(const struct options *options);

/* Returns false, with the reason on stderr, if the options need another kind of
 * store than the one that is open. */
bool service_can_use(const struct service *service,
    const struct options *options);

/* Find the back ends that the options name, which are at least one.  This may
 * take long, because names are looked up.  May be called in any thread.
 * Returns NULL, with the reason on stderr, if they cannot be used. */
struct back_ends *service_look_up(const struct options *options);

/* Replace the options, the files and the back ends; clients that connect from
 * now on use the new ones.  The service takes ownership of the arguments. */
void service_exchange(struct service *service, struct options *options,
    struct files **files, struct back_ends *back_ends);
void service_close(struct service *service);

#endif
