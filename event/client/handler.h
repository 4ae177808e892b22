/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_HANDLER_H
#define MAILIN_EVENT_HANDLER_H

#include "client/policy.h"

/* Set the callbacks of the policy's handler.  Most are the program's.  Some are
 * the library's own, which call the program's callbacks in turn. */
void mailin_handler_set(struct policy *policy);

#endif
