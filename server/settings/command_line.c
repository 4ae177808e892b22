/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "settings/command_line.h"
#include "settings/option_table.h"

/* Returns false, with the reason on stderr, if the option is unknown, lacks its
 * value, or has a value but must not have one. */
static bool
is_sound(const struct given *given)
{
	const struct option *option = option_find(given->name);
	struct mailin_setting setting;
	const char *fault = NULL;
	size_t index;

	if (option == NULL && !setting_find(given->name, &index, &setting)) {
		log_error("unknown option %s%s", given->where, given->name);
		return false;
	}
	if (option != NULL && option->argument == NULL) {
		if (given->value != NULL)
			fault = "takes no value";
	} else if (given->value == NULL) {
		fault = "needs a value";
	}
	if (fault != NULL)
		log_error("%s%s %s", given->where, given->name, fault);
	return fault == NULL;
}

static bool
takes_value(const char *name)
{
	const struct option *option = option_find(name);

	return option == NULL || option->argument != NULL;
}

/* Read the first option of argv.  Returns how many words it takes up, or 0 if
 * it is wrong. */
static int
read_option(struct givens *givens, char **argv)
{
	const char *equals = strchr(argv[0], '=');
	char *name;
	struct given given = {
		.where = "--",
		.value = equals != NULL ? equals + 1 : NULL,
	};
	int words = 1;

	if (strncmp(argv[0], "--", 2) != 0) {
		log_error(argv[0][0] == '-' ? "unknown option %s" :
					      "unexpected argument '%s'",
		    argv[0]);
		return 0;
	}
	given.name = name = strndup(argv[0] + 2, strcspn(argv[0] + 2, "="));
	if (name == NULL) {
		log_error("no memory");
		return 0;
	}
	if (equals == NULL && takes_value(name) && argv[1] != NULL) {
		given.value = argv[1];
		words = 2;
	}
	if (!is_sound(&given) || !givens_add(givens, &given))
		words = 0;
	free(name);
	return words;
}

/* Returns true for --help and --version: options after them do not matter. */
static bool
is_last(const struct given *given)
{
	return strcmp(given->name, "help") == 0 ||
	    strcmp(given->name, "version") == 0;
}

bool
command_line_read(struct givens *givens, int argc, char **argv)
{
	int i = 1, words = 1;

	while (i < argc && words > 0) {
		words = read_option(givens, argv + i);
		if (words > 0 && is_last(&givens->items[givens->count - 1]))
			break;
		i += words;
	}
	return words > 0;
}
