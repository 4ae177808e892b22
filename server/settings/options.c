/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <mailin/version.h>

#include "log/log.h"
#include "settings/array.h"
#include "settings/command_line.h"
#include "settings/help.h"
#include "settings/option_table.h"

static unsigned
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > 1024 ? 1024 : (unsigned)count;
}

/* Take what concerns the process. */
static bool
take_process(struct options *options)
{
	size_t i;

	for (i = 0; i < options->givens.count; i++) {
		const struct given *given = &options->givens.items[i];
		const struct option *option = option_find(given->name);

		if (option != NULL && option->process != NULL &&
		    !option->process(options, given))
			return false;
	}
	return true;
}

static bool
add_policy(struct options *options, const struct givens *givens)
{
	struct policy **policies = array_grow(options->policies,
	    options->policy_count, sizeof *policies);

	if (policies == NULL)
		return false;
	options->policies = policies;
	policies[options->policy_count] = policy_new(givens, options->stdio);
	if (policies[options->policy_count] == NULL)
		return false;
	options->policy_count++;
	return true;
}

/* Add the endpoints of policy number i to the listeners. */
static bool
add_listeners(struct options *options, size_t i)
{
	const struct policy *policy = options->policies[i];
	size_t n;

	for (n = 0; n < policy->listen_count; n++) {
		struct listener *listeners = array_grow(options->listeners,
		    options->listener_count, sizeof *listeners);

		if (listeners == NULL)
			return false;
		options->listeners = listeners;
		listeners[options->listener_count++] = (struct listener){
			.endpoint = &policy->listen[n],
			.policy = i,
		};
	}
	return true;
}

/* Listen somewhere, even if no option says where. */
static bool
add_default_listener(struct options *options)
{
	static const struct endpoint usual = { .address = "127.0.0.1:2525" };

	if (options->listener_count > 0)
		return true;
	options->listeners = array_grow(NULL, 0, sizeof *options->listeners);
	if (options->listeners == NULL)
		return false;
	options->listeners[options->listener_count++] = (struct listener){
		.endpoint = &usual,
	};
	return true;
}

static bool
print(enum mode mode)
{
	struct policy *policy;

	if (mode == MODE_VERSION) {
		printf("mailin-server %s\n", mailin_version());
		return true;
	}
	policy = policy_new(&(const struct givens){ .count = 0 }, false);
	if (policy != NULL)
		help_print(policy->config);
	policy_free(policy);
	return policy != NULL;
}

static bool
take_all(struct options *options, int argc, char **argv)
{
	return command_line_read(&options->givens, argc, argv) &&
	    take_process(options) &&
	    (options->mode != MODE_SERVE ||
		(add_policy(options, &options->givens) &&
		    add_listeners(options, 0) &&
		    add_default_listener(options)));
}

enum options_result
options_parse(struct options *options, int argc, char **argv)
{
	*options = (struct options){
		.maildir = "./mail",
		.threads = processors(),
		.workers = 16,
		.max_connections = 1000,
		.grace = 30,
	};
	if (!take_all(options, argc, argv)) {
		fputs("Try 'mailin-server --help'.\n", stderr);
		return OPTIONS_WRONG;
	}
	if (options->mode != MODE_HELP && options->mode != MODE_VERSION)
		return OPTIONS_RUN;
	return print(options->mode) ? OPTIONS_PRINTED : OPTIONS_WRONG;
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

void
options_free(struct options *options)
{
	while (options->policy_count > 0)
		policy_free(options->policies[--options->policy_count]);
	free(options->policies);
	free(options->listeners);
	givens_free(&options->givens);
}
