/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_EFFECT_H
#define MAILIN_SERVER_EFFECT_H

#include "settings/options.h"

/*
 * Check that each option that was given has an effect (needs and not_with of
 * struct option).  An option before the first section need not have one in each
 * section that inherits it, but in one of them.  Returns false, with the reason
 * on stderr, if an option has no effect.
 */
bool effect_check(const struct options *options);

#endif
