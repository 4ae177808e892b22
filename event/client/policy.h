/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_POLICY_H
#define MAILIN_EVENT_POLICY_H

#include <stdatomic.h>

#include <mailin/event.h>

/* A copy of a struct mailin_service, with all that it points to but the config.
 * The listener that has it holds it, and so does each of its clients. */
struct policy {
	atomic_uint holders;
	struct mailin_service service;
	uint64_t listener;         /* its number */
	struct mailin_trust trust; /* that of the service, never NULL */
	/* The handler of the sessions: that of the program, but for the members
	 * that the library puts in their place (client/handler.h). */
	struct mailin_handler *handler;
	struct mailin_handler program; /* the program's callbacks */
};

/* Returns NULL, with the fault, if the service cannot be served, or if memory
 * is gone. */
struct policy *mailin_policy_new(const struct mailin_service *service,
    struct mailin_fault *fault);
void mailin_policy_hold(struct policy *policy);
void mailin_policy_release(struct policy *policy);

/* Free a policy that nobody has used, without a call of released. */
void mailin_policy_discard(struct policy *policy);

#endif
