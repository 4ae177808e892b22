/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_INHERIT_H
#define MAILIN_SERVER_INHERIT_H

#include "settings/given.h"

/*
 * Make one list of two: all of own, and before it what it inherits.  An option
 * is not inherited if own has one of the same name, or the one that it belongs
 * to (struct option), nor if it says where to listen, unless with_places.  The
 * result shares no memory with the lists.  Returns false, with the reason on
 * stderr, if there is no memory.
 */
bool givens_inherit(struct givens *result, const struct givens *from,
    const struct givens *own, bool with_places);

#endif
