/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MECHANISMS_H
#define MAILIN_SERVER_MECHANISMS_H

#include "settings/policy.h"

/* Set the mechanisms of the policy's config, as --mechanisms says, or else as
 * the users in the password file can use them.  Returns false, with the reason
 * on stderr, if a name is wrong. */
bool mechanisms_set(struct policy *policy);

/* Returns why the server cannot offer SCRAM, if --mechanisms names it, or
 * NULL. */
const char *mechanisms_fault(const struct policy *policy);

#endif
