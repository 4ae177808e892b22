/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_POLICY_H
#define MAILIN_EVENT_POLICY_H

#include <stdatomic.h>

#include <mailin/event.h>

/* A copy of a struct mailin_service and of all that it points to, except the
 * config.  Its owners (holders) are the listener that uses it, and each client
 * of that listener. */
struct policy {
	atomic_uint holders;
	struct mailin_service service;
	uint64_t listener;         /* identifies the listener */
	struct mailin_trust trust; /* a copy; empty if the service has none */
	/* The handler of the sessions.  It has the program's callbacks, but the
	 * library replaces some of them by its own, which call those of the
	 * program (client/handler.h). */
	struct mailin_handler *handler;
	struct mailin_handler program; /* the program's callbacks */
};

/* Returns NULL, with the fault, if the service has an error or if there is no
 * memory. */
struct policy *mailin_policy_new(const struct mailin_service *service,
    struct mailin_fault *fault);
void mailin_policy_hold(struct policy *policy);
void mailin_policy_release(struct policy *policy);

/* Free a policy that nobody has used, without calling the callback
 * "released". */
void mailin_policy_discard(struct policy *policy);

#endif
