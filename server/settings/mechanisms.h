/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MECHANISMS_H
#define MAILIN_SERVER_MECHANISMS_H

#include "settings/policy.h"

/* Set the mechanisms of the policy's config: those of --mechanisms, or else
 * those that the users in the password file can use.  Returns false, with the
 * reason on stderr, if a name is wrong. */
bool mechanisms_set(struct policy *policy);

/* If --mechanisms names SCRAM and the server cannot offer it, returns the
 * reason.  Otherwise returns NULL. */
const char *mechanisms_fault(const struct policy *policy);

#endif
