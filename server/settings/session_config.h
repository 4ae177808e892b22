/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SESSION_CONFIG_H
#define MAILIN_SERVER_SESSION_CONFIG_H

#include "settings/policy.h"

/* Set policy->config, and make it first if it is NULL.  It gets the defaults of
 * this server, then the settings of the library that were given.  Returns
 * false, with the reason on stderr, if a setting is wrong. */
bool session_config_set(struct policy *policy);

/* Returns false, with the reason on stderr, if the server cannot do what the
 * policy asks for. */
bool session_config_check(const struct policy *policy);

#endif
