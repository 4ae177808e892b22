/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "listeners.h"
#include "log/log.h"
#include "metrics/counters.h"
#include "receive/receiver.h"

static bool
open_session(struct mailin_session *session, void *memory, void *user)
{
	count(COUNT_CONNECTIONS, 1);
	receiver_begin(memory, user, session, false);
	return true;
}

static void
close_session(struct mailin_session *session, void *memory, void *user)
{
	(void)session;
	(void)user;
	receiver_end(memory);
}

/* ---- How clients are served ---- */

static void
release(void *user)
{
	files_drop(user);
}

/* Returns how the clients of a listener are served.  The caller passes the
 * files of the listener's policy.  The result is one more owner of them
 * (files_hold); the callback "released" drops them. */
static struct mailin_service
service_of(const struct service *service, struct files *files,
    const struct listener *listener)
{
	const struct policy *policy = files->policy;

	return (struct mailin_service){
		.size = sizeof(struct mailin_service),
		.config = policy->config,
		.handler = &service->handler,
		.tls = files->tls,
		.implicit_tls = listener->endpoint->tls,
		.trust = &policy->trust,
		.session_size = sizeof(struct receiver),
		.open = open_session,
		.close = close_session,
		.released = release,
		.user = files_hold(files),
	};
}

/* ---- Listening ---- */

/* Returns the present slot whose listener is open at the address.  Returns NULL
 * if there is no such slot, or if a new slot already has its listener. */
static struct slot *
find_slot(struct listeners *listeners, const char *address)
{
	const struct listener *present = listeners->service->present->listeners;
	size_t i;

	for (i = 0; i < listeners->count; i++)
		if (!listeners->slots[i].is_kept &&
		    strcmp(present[i].endpoint->address, address) == 0)
			return &listeners->slots[i];
	return NULL;
}

/* Fill a new slot: take over the open listener at the address, or open one. */
static bool
fill_slot(struct listeners *listeners, struct slot *slot,
    const struct listener *listener, struct files *files)
{
	const char *address = listener->endpoint->address;
	struct slot *old = find_slot(listeners, address);
	struct mailin_service how;
	struct mailin_fault fault;

	if (old != NULL) {
		old->is_kept = true;
		slot->handle = old->handle;
		return true;
	}
	how = service_of(listeners->service, files, listener);
	slot->is_new = true;
	slot->handle = mailin_server_listen(listeners->server, address, &how,
	    &fault);
	if (slot->handle != NULL)
		return true;
	files_drop(files);
	log_error("%s", fault.text);
	return false;
}

/* Discard new slots, and close the listeners that were opened for them. */
static void
give_up(struct listeners *listeners, struct slot *slots, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (slots[i].is_new)
			mailin_listener_close(slots[i].handle);
	for (i = 0; i < listeners->count; i++)
		listeners->slots[i].is_kept = false;
	free(slots);
}

/* Returns slots for all listeners of the options.  Returns NULL, with the
 * reason on stderr and nothing changed, if one of them cannot be opened. */
static struct slot *
fill_slots(struct listeners *listeners, const struct options *options,
    struct files **files)
{
	struct slot *slots = calloc(options->listener_count, sizeof *slots);
	size_t i;

	if (slots == NULL) {
		log_error("no memory");
		return NULL;
	}
	for (i = 0; i < options->listener_count; i++) {
		const struct listener *listener = &options->listeners[i];

		if (!fill_slot(listeners, &slots[i], listener,
			files[listener->policy])) {
			give_up(listeners, slots, i);
			return NULL;
		}
	}
	return slots;
}

bool
listeners_open(struct listeners *listeners)
{
	const struct service *service = listeners->service;

	listeners->slots = fill_slots(listeners, service->present,
	    service->files);
	if (listeners->slots == NULL)
		return false;
	listeners->count = service->present->listener_count;
	return true;
}

static void
announce(const struct options *options, const struct mailin_listener *listener,
    bool by_tls)
{
	const char *address = mailin_listener_address(listener);
	const char *tls = by_tls ? " by TLS" : "";

	if (options->discard)
		log_line("listening on %s%s, discarding all mail", address,
		    tls);
	else if (options->back_ends.count > 0)
		log_line("listening on %s%s, handing on to %s%s", address, tls,
		    options->back_ends.names[0],
		    options->back_ends.count > 1 ? " and others" : "");
	else
		log_line("listening on %s%s, storing in %s", address, tls,
		    options->maildir);
}

void
listeners_announce(struct listeners *listeners)
{
	const struct service *service = listeners->service;
	size_t i;

	for (i = 0; i < listeners->count; i++) {
		struct slot *slot = &listeners->slots[i];

		if (slot->is_new)
			announce(service->options, slot->handle,
			    service->present->listeners[i].endpoint->tls);
		slot->is_new = false;
	}
}

/* ---- Reading the settings again ---- */

/* Serve the next clients of a listener that stays open with these files. */
static void
replace(const struct listeners *listeners, const struct slot *slot,
    const struct listener *listener, struct files *files)
{
	struct mailin_service how = service_of(listeners->service, files,
	    listener);
	struct mailin_fault fault;

	if (mailin_listener_replace(slot->handle, &how, &fault))
		return;
	files_drop(files);
	log_error("%s", fault.text);
}

/* Replace the slots by new ones, and close the listeners that the new slots do
 * not have. */
static void
exchange(struct listeners *listeners, struct slot *slots,
    const struct options *options, struct files **files)
{
	size_t i;

	for (i = 0; i < options->listener_count; i++) {
		const struct listener *listener = &options->listeners[i];

		if (!slots[i].is_new)
			replace(listeners, &slots[i], listener,
			    files[listener->policy]);
	}
	for (i = 0; i < listeners->count; i++) {
		struct mailin_listener *handle = listeners->slots[i].handle;

		if (listeners->slots[i].is_kept)
			continue;
		log_line("listening on %s no longer",
		    mailin_listener_address(handle));
		mailin_listener_close(handle);
	}
	free(listeners->slots);
	listeners->slots = slots;
	listeners->count = options->listener_count;
}

bool
listeners_reload(struct listeners *listeners, struct options *options,
    struct back_ends *back_ends)
{
	struct service *service = listeners->service;
	struct files **files = files_load_all(service, options);
	struct slot *slots = NULL;

	if (files != NULL)
		slots = fill_slots(listeners, options, files);
	if (slots == NULL) {
		if (files != NULL)
			files_drop_all(files, options->policy_count);
		back_ends_drop(back_ends);
		options_drop(options);
		return false;
	}
	exchange(listeners, slots, options, files);
	service_exchange(service, options, files, back_ends);
	return true;
}
