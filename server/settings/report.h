/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_REPORT_H
#define MAILIN_SERVER_REPORT_H

#include "settings/policy.h"

/* Write to stderr what is wrong with a policy, or advice about it.  The text
 * names options as on the command line.  If the options are in a file, the
 * dashes are removed.  policy_wrong returns false. */
bool policy_wrong(const struct policy *policy, const char *fault);
void policy_warn(const struct policy *policy, const char *advice);

#endif
