/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/policy.h"
#include "io/fault.h"
#include "io/tls.h"

/* Copy a struct of the program, which may have been compiled with an older or
 * newer version of it.  Members that the program's version lacks become 0. */
static void
copy_struct(void *to, size_t size, const void *from, size_t its_size)
{
	memset(to, 0, size);
	memcpy(to, from, its_size < size ? its_size : size);
}

/* Copy a handler with its full size: the libmailin that is loaded may know more
 * callbacks than the header that this file was compiled with. */
static struct mailin_handler *
copy_handler(const struct mailin_handler *from)
{
	size_t size = from->size > sizeof *from ? from->size : sizeof *from;
	struct mailin_handler *handler = calloc(1, size);

	if (handler == NULL)
		return NULL;
	memcpy(handler, from, from->size);
	handler->size = size;
	return handler;
}

static bool
copy_networks(const struct mailin_network **networks, size_t count)
{
	struct mailin_network *copy;

	if (count == 0)
		return true;
	copy = calloc(count, sizeof *copy);
	if (copy != NULL)
		memcpy(copy, *networks, count * sizeof *copy);
	*networks = copy;
	return copy != NULL;
}

static bool
copy_trust(struct mailin_trust *trust, const struct mailin_trust *from)
{
	const struct mailin_network *xclient_from;

	if (from == NULL)
		return true;
	copy_struct(trust, sizeof *trust, from, from->size);
	xclient_from = trust->xclient_from;
	trust->xclient_from = NULL;
	if (!copy_networks(&trust->proxy_from, trust->proxy_from_count))
		return false;
	trust->xclient_from = xclient_from;
	return copy_networks(&trust->xclient_from, trust->xclient_from_count);
}

void
mailin_policy_discard(struct policy *policy)
{
	if (policy == NULL)
		return;
	mailin_tls_context_free(policy->service.tls);
	free(policy->handler);
	if (policy->trust.proxy_from_count > 0)
		free((void *)policy->trust.proxy_from);
	if (policy->trust.xclient_from_count > 0)
		free((void *)policy->trust.xclient_from);
	free(policy);
}

/* Returns what is wrong with the service, or NULL. */
static const char *
wrong(const struct mailin_service *service)
{
	if (service->config == NULL || service->handler == NULL ||
	    service->handler->size == 0)
		return "a service needs a config and a handler";
	if (service->tls != NULL)
		return NULL;
	if (service->implicit_tls)
		return "implicit TLS needs a certificate";
	if (mailin_config_extension(service->config, MAILIN_EXTENSION_STARTTLS))
		return "STARTTLS needs a certificate";
	return NULL;
}

struct policy *
mailin_policy_new(const struct mailin_service *service,
    struct mailin_fault *fault)
{
	struct policy *policy = calloc(1, sizeof *policy);
	const char *text;

	if (policy == NULL) {
		mailin_fault_set(fault, ENOMEM, "no memory");
		return NULL;
	}
	copy_struct(&policy->service, sizeof policy->service, service,
	    service->size);
	text = wrong(&policy->service);
	if (text != NULL) {
		free(policy);
		mailin_fault_set(fault, EINVAL, "%s", text);
		return NULL;
	}
	atomic_init(&policy->holders, 1);
	mailin_tls_context_hold(policy->service.tls);
	policy->trust.size = sizeof policy->trust;
	policy->handler = copy_handler(policy->service.handler);
	if (policy->handler != NULL &&
	    copy_trust(&policy->trust, policy->service.trust))
		return policy;
	mailin_policy_discard(policy);
	mailin_fault_set(fault, ENOMEM, "no memory");
	return NULL;
}

void
mailin_policy_hold(struct policy *policy)
{
	atomic_fetch_add(&policy->holders, 1);
}

void
mailin_policy_release(struct policy *policy)
{
	void (*released)(void *user) = policy->service.released;
	void *user = policy->service.user;

	if (atomic_fetch_sub(&policy->holders, 1) > 1)
		return;
	mailin_policy_discard(policy);
	if (released != NULL)
		released(user);
}
