/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SESSION_CONFIG_H
#define MAILIN_SERVER_SESSION_CONFIG_H

#include "settings/options.h"

/* The settings of the library on the command line.  They are kept until the
 * host name is known, which the config needs. */
struct given_settings {
	const char *hostname;
	const char **names, **values;
	size_t count;
};

/* Make options->config with the defaults of the server.  If hostname is NULL,
 * the machine's name is used.  Returns false, with the reason on stderr, if
 * that fails. */
bool session_config_new(struct options *options, const char *hostname);

/* Apply the settings that were given.  Returns false, with the reason on
 * stderr, if one of them is wrong, or if the server cannot do what they ask
 * for. */
bool session_config_set(struct options *options,
    const struct given_settings *given);

#endif
