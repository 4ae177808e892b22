/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "log/log.h"
#include "settings/effect.h"
#include "settings/option_table.h"

/* The size of the longest name of an option. */
#define NAME_SIZE 32

/* Copy the next of the names to name.  Returns the names after it, or NULL if
 * no name is left. */
static const char *
next_name(const char *names, char name[NAME_SIZE])
{
	size_t len;

	if (names == NULL)
		return NULL;
	names += strspn(names, " ");
	len = strcspn(names, " ");
	(void)snprintf(name, NAME_SIZE, "%.*s", (int)len, names);
	return len > 0 ? names + len : NULL;
}

/* Returns true if the option was given, and its value is neither "no" nor
 * "none". */
static bool
is_on(const struct givens *givens, const char *name)
{
	const struct given *given = givens_find(givens, name);

	return given != NULL &&
	    (given->value == NULL ||
		(strcmp(given->value, "no") != 0 &&
		    strcmp(given->value, "none") != 0));
}

/* Returns true if one of the names is on; the first such name is then in the
 * array "name". */
static bool
has_one(const struct givens *givens, const char *names, char name[NAME_SIZE])
{
	while ((names = next_name(names, name)) != NULL)
		if (is_on(givens, name))
			return true;
	return false;
}

static bool
has_effect(const struct givens *givens, const struct option *option)
{
	char name[NAME_SIZE];

	return (option->needs == NULL ||
		   has_one(givens, option->needs, name)) &&
	    !has_one(givens, option->not_with, name);
}

/* Returns the text that a message about this option writes before the name of
 * another option: "--" if this option was given on the command line, or else
 * "". */
static const char *
dashes(const struct given *given)
{
	return strcmp(given->where, "--") == 0 ? "--" : "";
}

static void
report_contradiction(const struct given *given, const char *name)
{
	log_error("%s%s cannot be used with %s%s", given->where, given->name,
	    dashes(given), name);
}

static void
report_need(const struct given *given, const char *names)
{
	char text[4 * NAME_SIZE] = "", name[NAME_SIZE];
	size_t len = 0;

	while ((names = next_name(names, name)) != NULL)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s%s",
		    len > 0 ? " or " : "", dashes(given), name);
	log_error("%s%s needs %s", given->where, given->name, text);
}

/* Write to stderr why the option has no effect.  Returns false. */
static bool
report(const struct givens *givens, const struct option *option)
{
	const struct given *given = givens_find(givens, option->name);
	char name[NAME_SIZE];

	if (has_one(givens, option->not_with, name))
		report_contradiction(given, name);
	else
		report_need(given, option->needs);
	return false;
}

/* Returns true if the option was given.  A switch that was given as "no" does
 * not count. */
static bool
is_given(const struct givens *givens, const struct option *option)
{
	return option->argument == NULL ?
	    is_on(givens, option->name) :
	    givens_find(givens, option->name) != NULL;
}

static bool
check_process(const struct options *options, const struct option *option)
{
	const struct givens *givens = &options->givens;

	return !is_given(givens, option) || has_effect(givens, option) ||
	    report(givens, option);
}

static bool
check_listeners(const struct options *options, const struct option *option)
{
	const struct givens *useless = NULL;
	size_t i;

	for (i = 0; i < options->policy_count; i++) {
		const struct policy *policy = options->policies[i];

		if (!policy->serves || !is_given(&policy->givens, option))
			continue;
		if (has_effect(&policy->givens, option))
			return true;
		useless = &policy->givens;
	}
	return useless == NULL || report(useless, option);
}

bool
effect_check(const struct options *options)
{
	const struct option *option;
	size_t i;

	for (i = 0; (option = option_at(i)) != NULL; i++)
		if (option->process != NULL ? !check_process(options, option) :
					      !check_listeners(options, option))
			return false;
	return true;
}
