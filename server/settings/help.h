/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HELP_H
#define MAILIN_SERVER_HELP_H

#include <stdio.h>

#include <mailin/config.h>

/* Write --help on stdout; config has the server's defaults. */
void help_print(const struct mailin_config *config);

/* Write what the setting of that name takes, such as "one of smtp, lmtp". */
void help_values(FILE *out, const char *setting);

#endif
