/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DESCRIBE_H
#define MAILIN_SERVER_DESCRIBE_H

#include <mailin/command.h>

#include "json.h"

/* The members of mailin-parse's objects, doc/mailin-parse.1. */
void describe_command(struct json *json, const struct mailin_command *command);
void describe_path(struct json *json, const struct mailin_path *path);

#endif
