/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PARSE_DESCRIBE_H
#define MAILIN_PARSE_DESCRIBE_H

#include <mailin/command.h>

#include "json.h"

/* Write the members of mailin-parse's JSON objects; doc/mailin-parse.1 lists
 * them. */
void describe_command(struct json *json, const struct mailin_command *command);
void describe_path(struct json *json, const struct mailin_path *path);

#endif
