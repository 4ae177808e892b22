/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_INHERIT_H
#define MAILIN_SERVER_INHERIT_H

#include "settings/given.h"

/*
 * Make one list of two: first the options of "from" that are inherited, then
 * all options of "own".  An option is not inherited
 * * if "own" has an option with the same name;
 * * if "own" has the option that it belongs to (struct option);
 * * if it says where to listen, unless with_places is true.
 * The result shares no memory with the lists.  Returns false, with the reason
 * on stderr, if there is no memory.
 */
bool givens_inherit(struct givens *result, const struct givens *from,
    const struct givens *own, bool with_places);

#endif
