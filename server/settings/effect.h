/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_EFFECT_H
#define MAILIN_SERVER_EFFECT_H

#include "settings/options.h"

/*
 * Check that each option that was given has an effect (needs and not_with of
 * struct option).  An option before the first section must have an effect in at
 * least one of the sections that inherit it.  Returns false, with the reason on
 * stderr, if an option has no effect.
 */
bool effect_check(const struct options *options);

#endif
