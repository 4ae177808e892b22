/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "settings/options.h"
#include "settings/report.h"
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
		return policy_wrong(policy,
		    "--maildir with a name such as %u needs --recipients, the "
		    "list of those who have a Maildir");
	}
	return true;
}

/* Returns true if anyone may send mail to anyone. */
static bool
is_open(const struct policy *policy)
{
	return policy->serves && policy->domain_count == 0 &&
	    policy->recipients == NULL &&
	    mailin_config_policy(policy->config, MAILIN_POLICY_AUTH) !=
	    MAILIN_AUTH_REQUIRED;
}

/* Two kinds of back ends need no warning.  A back end that speaks LMTP delivers
 * mail itself, and relays none.  A back end that learns from XCLIENT who the
 * client is does not treat that client as if it were this server. */
void
options_warn(const struct options *options)
{
	size_t i;

	if (options->back_ends.count == 0 || options->back_ends.lmtp ||
	    options->back_ends.xclient)
		return;
	for (i = 0; i < options->policy_count; i++)
		if (is_open(options->policies[i]))
			policy_warn(options->policies[i],
			    "--smtp hands on mail from anyone to anyone, and "
			    "the back end may relay it for this server: give "
			    "--domain, --recipients or --auth required");
}

static bool
is_path(const char *text, const char *path)
{
	return text != NULL && strcmp(text, path) == 0;
}

static bool
names_file(const struct policy *policy, const char *path)
{
	bool found = is_path(policy->passwd, path) ||
	    is_path(policy->recipients, path) ||
	    is_path(policy->tls_client_ca, path);
	size_t i;

	for (i = 0; !found && i < policy->certificate_count; i++)
		found = is_path(policy->certificates[i].certificate, path) ||
		    is_path(policy->certificates[i].key, path);
	return found;
}

bool
options_have_file(const struct options *options, size_t count, const char *path)
{
	bool found = false;
	size_t i;

	for (i = 0; !found && i < count; i++)
		found = options->policies[i]->serves &&
		    names_file(options->policies[i], path);
	return found;
}
