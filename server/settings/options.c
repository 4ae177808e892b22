/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mailin/version.h>

#include "confine/sandbox.h"
#include "log/log.h"
#include "octet/number.h"
#include "settings/array.h"
#include "settings/command_line.h"
#include "settings/config_file.h"
#include "settings/effect.h"
#include "settings/help.h"
#include "settings/inherit.h"
#include "settings/option_table.h"
#include "settings/session_config.h"
#include "settings/store_options.h"

static unsigned
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > 1024 ? 1024 : (unsigned)count;
}

/* Take the options that concern the process.  Lists are emptied first, because
 * the command line replaces the lists of the file. */
static bool
take_process(struct options *options, const struct givens *givens)
{
	size_t i;

	options->limits.exempt_count = 0;
	options->exempts_none = false;
	options->back_ends.count = 0;
	options->back_ends.lmtp = false;
	for (i = 0; i < givens->count; i++) {
		const struct given *given = &givens->items[i];
		const struct option *option = option_find(given->name);

		if (option != NULL && option->process != NULL &&
		    !option->process(options, given))
			return false;
	}
	return true;
}

/* ---- Policies and listeners ---- */

/* Add a policy, which has its own options and those that it inherits from the
 * part before the first section.  Returns NULL, with the reason on stderr, if
 * that fails. */
static struct policy *
add_policy(struct options *options, const struct givens *own, const char *where,
    bool with_places)
{
	struct policy **policies = array_grow(options->policies,
	    options->policy_count, sizeof *policies);
	struct givens givens = { .count = 0 };
	struct policy *policy = NULL;

	if (policies == NULL)
		return NULL;
	options->policies = policies;
	if (givens_inherit(&givens, &options->givens, own, with_places))
		policy = policy_new(&givens, where, options->stdio);
	givens_free(&givens);
	if (policy != NULL)
		policies[options->policy_count++] = policy;
	return policy;
}

/* Add the policy of the options before the first section.  If no client is
 * served by this policy, it is there only for the sections, which inherit from
 * it. */
static bool
add_top(struct options *options, bool has_sections)
{
	static const struct givens none = { .count = 0 };
	const char *file = options->config;
	char *where = NULL;
	struct policy *policy;

	if (asprintf(&where, "%s%s", file != NULL ? file : "",
		file != NULL ? ": " : "") < 0) {
		log_error("no memory");
		return false;
	}
	policy = add_policy(options, &none, where, true);
	free(where);
	if (policy == NULL)
		return false;
	policy->serves = !has_sections || policy->listen_count > 0;
	return !policy->serves || session_config_check(policy);
}

static bool
add_section(struct options *options, const struct section *section)
{
	struct policy *policy = add_policy(options, &section->givens,
	    section->where, false);

	if (policy == NULL)
		return false;
	policy->serves = true;
	if (policy->listen_count > 0)
		return session_config_check(policy);
	log_error("%s[listener %s] needs listen or listen-tls", section->where,
	    section->name);
	return false;
}

static bool
add_policies(struct options *options, const struct config_file *file)
{
	size_t i;

	if (options->stdio && file->count > 0) {
		log_error("%s--stdio serves one client, so there can be no "
			  "section",
		    file->sections[0].where);
		return false;
	}
	if (!add_top(options, file->count > 0))
		return false;
	for (i = 0; i < file->count; i++)
		if (!add_section(options, &file->sections[i]))
			return false;
	return true;
}

/* Returns true if two addresses mean the same, as *:25 and 25 do.  Port 0 is a
 * different port each time. */
static bool
is_same_place(const char *one, const char *other)
{
	unsigned port;

	if (strncmp(one, "*:", 2) == 0)
		one += 2;
	if (strncmp(other, "*:", 2) == 0)
		other += 2;
	if (strcmp(one, other) != 0)
		return false;
	other = strrchr(one, ':') != NULL ? strrchr(one, ':') + 1 : one;
	return !number_parse(other, 0, &port);
}

static bool
is_taken(const struct options *options, const struct endpoint *endpoint)
{
	size_t i;

	for (i = 0; i < options->listener_count; i++)
		if (is_same_place(options->listeners[i].endpoint->address,
			endpoint->address))
			return true;
	return false;
}

/* Add the endpoints of the policy with index i to the listeners. */
static bool
add_endpoints(struct options *options, size_t i)
{
	const struct policy *policy = options->policies[i];
	size_t n;

	for (n = 0; n < policy->listen_count; n++) {
		struct listener *listeners = array_grow(options->listeners,
		    options->listener_count, sizeof *listeners);

		if (listeners == NULL)
			return false;
		options->listeners = listeners;
		if (is_taken(options, &policy->listen[n])) {
			log_error("%sthere are two listeners for %s",
			    policy->where, policy->listen[n].address);
			return false;
		}
		listeners[options->listener_count++] = (struct listener){
			.endpoint = &policy->listen[n],
			.policy = i,
		};
	}
	return true;
}

/* If no option says where to listen, listen at the default address. */
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
add_listeners(struct options *options)
{
	size_t i;

	for (i = 0; i < options->policy_count; i++)
		if (!add_endpoints(options, i))
			return false;
	return add_default_listener(options);
}

/* ---- Reading and comparing all options ---- */

static bool
print(enum mode mode)
{
	struct givens none = { .count = 0 };
	struct policy *policy;

	if (mode == MODE_VERSION) {
		printf("mailin-server %s\n", mailin_version());
		return true;
	}
	policy = policy_new(&none, "", false);
	if (policy != NULL)
		help_print(policy->config);
	policy_free(policy);
	return policy != NULL;
}

/* Check the values in the file before the first section, even values that the
 * command line or a section replaces.  Returns false, with the reason on
 * stderr, if one is wrong. */
static bool
is_top_right(struct options *options, const struct config_file *file)
{
	static const struct givens none = { .count = 0 };
	struct givens givens = { .count = 0 };
	struct policy *policy = NULL;

	if (take_process(options, &file->top) &&
	    givens_inherit(&givens, &file->top, &none, true))
		policy = policy_new(&givens, "", options->stdio);
	givens_free(&givens);
	policy_free(policy);
	return policy != NULL;
}

/* Take the options of the command line, and then those of the file that it
 * names. */
static bool
take_all(struct options *options, const struct givens *given,
    struct config_file *file)
{
	if (!take_process(options, given))
		return false;
	if (options->mode != MODE_SERVE && options->mode != MODE_CHECK)
		return true;
	if (options->config != NULL &&
	    (!config_file_read(file, options->config) ||
		!is_top_right(options, file)))
		return false;
	return givens_inherit(&options->givens, &file->top, given, true) &&
	    take_process(options, &options->givens) &&
	    add_policies(options, file) && effect_check(options) &&
	    options_check_recipients(options) && add_listeners(options) &&
	    store_options_finish(options);
}

struct options *
options_new(int argc, char **argv)
{
	struct options *options = calloc(1, sizeof *options);

	if (options == NULL) {
		log_error("no memory");
		return NULL;
	}
	atomic_init(&options->owners, 1);
	options->argc = argc;
	options->argv = argv;
	options->maildir = "./mail";
	options->threads = processors();
	options->workers = 16;
	options->sandbox = sandbox_exists();
	options->max_connections = 1000;
	options->grace = 30;
	options->back_ends.timeout = 300;
	return options;
}

struct options *
options_hold(struct options *options)
{
	atomic_fetch_add(&options->owners, 1);
	return options;
}

enum options_result
options_parse(struct options *options)
{
	struct givens given = { .count = 0 };
	struct config_file file = { .count = 0 };
	bool good;

	good = command_line_read(&given, options->argc, options->argv) &&
	    take_all(options, &given, &file);
	/* A message about a file must be one line, so it has no hint. */
	if (!good && options->config == NULL)
		fputs("Try 'mailin-server --help'.\n", stderr);
	config_file_free(&file);
	givens_free(&given);
	if (!good)
		return OPTIONS_WRONG;
	if (options->mode != MODE_HELP && options->mode != MODE_VERSION)
		return OPTIONS_RUN;
	return print(options->mode) ? OPTIONS_PRINTED : OPTIONS_WRONG;
}

void
options_drop(struct options *options)
{
	if (options == NULL || atomic_fetch_sub(&options->owners, 1) > 1)
		return;
	while (options->policy_count > 0)
		policy_free(options->policies[--options->policy_count]);
	free(options->policies);
	free(options->listeners);
	free(options->exempt);
	free(options->back_ends.names);
	givens_free(&options->givens);
	free(options);
}

struct options *
options_again(const struct options *options)
{
	struct options *again = options_new(options->argc, options->argv);

	if (again == NULL || options_parse(again) == OPTIONS_RUN)
		return again;
	options_drop(again);
	return NULL;
}

static bool
is_same(const struct given *one, const struct given *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return one->value == NULL || other->value == NULL ?
	    one->value == other->value :
	    strcmp(one->value, other->value) == 0;
}

void
options_report_fixed(const struct options *running, const struct options *now)
{
	const struct option *option;
	size_t i;

	for (i = 0; (option = option_at(i)) != NULL; i++)
		if (option->process != NULL && !option->is_live &&
		    !is_same(givens_find(&running->givens, option->name),
			givens_find(&now->givens, option->name)))
			log_error("%s has changed: that needs a restart",
			    option->name);
}
