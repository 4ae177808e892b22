/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "settings/array.h"
#include "settings/given.h"

static void
given_free(struct given *given)
{
	free((char *)given->where);
	free((char *)given->name);
	free((char *)given->value);
}

bool
givens_add(struct givens *givens, const struct given *given)
{
	struct given *items = array_grow(givens->items, givens->count,
	    sizeof *items);
	struct given copy = {
		.where = strdup(given->where),
		.name = strdup(given->name),
		.value = given->value != NULL ? strdup(given->value) : NULL,
	};

	if (items != NULL)
		givens->items = items;
	if (items != NULL && copy.where != NULL && copy.name != NULL &&
	    (given->value == NULL || copy.value != NULL)) {
		items[givens->count++] = copy;
		return true;
	}
	given_free(&copy);
	if (items != NULL)
		log_error("no memory");
	return false;
}

void
givens_free(struct givens *givens)
{
	while (givens->count > 0)
		given_free(&givens->items[--givens->count]);
	free(givens->items);
	*givens = (struct givens){ .count = 0 };
}

const struct given *
givens_find(const struct givens *givens, const char *name)
{
	size_t i = givens->count;

	while (i > 0)
		if (strcmp(givens->items[--i].name, name) == 0)
			return &givens->items[i];
	return NULL;
}

bool
given_wrong(const struct given *given, const char *format, ...)
{
	char takes[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(takes, sizeof takes, format, arguments);
	va_end(arguments);
	log_error("%s%s takes %s, not '%s'", given->where, given->name, takes,
	    given->value);
	return false;
}
