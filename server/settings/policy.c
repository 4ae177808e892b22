/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "settings/option_table.h"
#include "settings/policy.h"
#include "settings/session_config.h"

/* Apply the options of the policy that are in the server's own table
 * (option_table.h). */
static bool
take_own(struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->givens.count; i++) {
		const struct given *given = &policy->givens.items[i];
		const struct option *option = option_find(given->name);

		if (option != NULL && option->listener != NULL &&
		    !option->listener(policy, given))
			return false;
	}
	policy->trust.size = sizeof policy->trust;
	policy->trust.proxy_from = policy->proxy_from;
	policy->trust.xclient_from = policy->xclient_from;
	return true;
}

struct policy *
policy_new(struct givens *givens, const char *where, bool stdio)
{
	struct policy *policy = calloc(1, sizeof *policy);

	if (policy == NULL) {
		log_error("no memory");
		return NULL;
	}
	policy->givens = *givens;
	*givens = (struct givens){ .count = 0 };
	policy->stdio = stdio;
	policy->where = strdup(where);
	if (policy->where == NULL)
		log_error("no memory");
	else if (take_own(policy) && session_config_set(policy))
		return policy;
	policy_free(policy);
	return NULL;
}

void
policy_free(struct policy *policy)
{
	if (policy == NULL)
		return;
	mailin_config_free(policy->config);
	free(policy->listen);
	free(policy->domains);
	free(policy->certificates);
	free(policy->proxy_from);
	free(policy->xclient_from);
	free(policy->where);
	givens_free(&policy->givens);
	free(policy);
}
