/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_HANDLER_H
#define MAILIN_EVENT_HANDLER_H

#include "client/policy.h"

/* Fill in the policy's handler: the library's own callbacks, which call those
 * of the program, in the place of some of them. */
void mailin_handler_set(struct policy *policy);

#endif
