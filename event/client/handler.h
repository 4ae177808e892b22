/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_HANDLER_H
#define MAILIN_EVENT_HANDLER_H

#include "client/policy.h"

/* Put the library's callbacks into the handler of the policy.  They call the
 * program's. */
void mailin_handler_set(struct policy *policy);

#endif
