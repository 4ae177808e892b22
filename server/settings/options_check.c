/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "log/log.h"
#include "settings/options.h"
#include "store/template.h"

bool
options_have_template(const struct options *options)
{
	return !options->discard && template_is(options->maildir);
}

bool
options_have_passwd(const struct options *options)
{
	size_t i;

	for (i = 0; i < options->policy_count; i++)
		if (options->policies[i]->passwd != NULL)
			return true;
	return false;
}

bool
options_check_recipients(const struct options *options)
{
	size_t i;

	for (i = 0; i < options->policy_count; i++) {
		const struct policy *policy = options->policies[i];

		if (!policy->serves || policy->recipients != NULL ||
		    !options_have_template(options))
			continue;
		log_error("%smaildir %s needs recipients, the list of those "
			  "who have a Maildir",
		    policy->where, options->maildir);
		return false;
	}
	return true;
}
