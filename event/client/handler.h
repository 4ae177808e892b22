/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_HANDLER_H
#define MAILIN_EVENT_HANDLER_H

#include "client/policy.h"

/* Set the callbacks of the policy's handler: those of the program, but some are
 * replaced by the library's own ones, which then call those of the program. */
void mailin_handler_set(struct policy *policy);

#endif
