/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_HANDLER_H
#define MAILIN_EVENT_HANDLER_H

#include "client/policy.h"

/* Set the callbacks of the policy's handler.  Most of them are the program's
 * callbacks.  The others are the library's own, and call those of the
 * program. */
void mailin_handler_set(struct policy *policy);

#endif
