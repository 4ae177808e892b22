/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "settings/inherit.h"
#include "settings/option_table.h"

static bool
is_inherited(const struct given *given, const struct givens *own,
    bool with_places)
{
	const struct option *option = option_find(given->name);

	if (givens_find(own, given->name) != NULL)
		return false;
	return option == NULL ||
	    ((with_places || !option->is_place) &&
		(option->belongs_to == NULL ||
		    givens_find(own, option->belongs_to) == NULL));
}

bool
givens_inherit(struct givens *result, const struct givens *from,
    const struct givens *own, bool with_places)
{
	size_t i;

	for (i = 0; i < from->count; i++)
		if (is_inherited(&from->items[i], own, with_places) &&
		    !givens_add(result, &from->items[i]))
			return false;
	for (i = 0; i < own->count; i++)
		if (!givens_add(result, &own->items[i]))
			return false;
	return true;
}
