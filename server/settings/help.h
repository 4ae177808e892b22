/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HELP_H
#define MAILIN_SERVER_HELP_H

#include <stdio.h>

#include <mailin/config.h>

#include "settings/given.h"

/* Write the text of --help to stdout; config has the defaults of the server. */
void help_print(const struct mailin_config *config);

/* Write to stderr which values the setting takes.  Returns false. */
bool help_wrong(const struct given *given);

/* Write which values the setting takes, such as "one of smtp, lmtp". */
void help_values(FILE *out, const char *setting);

#endif
