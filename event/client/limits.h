/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_LIMITS_H
#define MAILIN_EVENT_LIMITS_H

#include "client/common.h"

/* Initialize the lock, the counts and the limits, which must all be zero
 * before. */
void mailin_limits_init(struct common *common);
void mailin_limits_end(struct common *common);

/* See mailin_server_set_limits. */
bool mailin_limits_set(struct common *common,
    const struct mailin_server_limits *limits);

#endif
