/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SESSION_CONFIG_H
#define MAILIN_SERVER_SESSION_CONFIG_H

#include "settings/options.h"

/* What was given for settings of the library; the config that they go into
 * can only be made when the hostname is known. */
struct given_settings {
	const char *hostname;
	const char **names, **values;
	size_t count;
};

/* Make options->config with the server's defaults; hostname NULL takes the
 * machine's.  False, with the reason on stderr, if that cannot be. */
bool session_config_new(struct options *options, const char *hostname);

/* Put into it what was given.  False, with the reason on stderr, if that is
 * wrong, or asks for what this server could never do. */
bool session_config_set(struct options *options,
    const struct given_settings *given);

#endif
