/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PROCESS_OPTIONS_H
#define MAILIN_SERVER_PROCESS_OPTIONS_H

#include "settings/options.h"

/* Functions that take the options on how the process serves
 * (option_table.h). */

bool take_stdio(struct options *options, const struct given *given);
bool take_max_connections(struct options *options, const struct given *given);
bool take_grace(struct options *options, const struct given *given);
bool take_threads(struct options *options, const struct given *given);
bool take_log(struct options *options, const struct given *given);
bool take_metrics(struct options *options, const struct given *given);
bool take_user(struct options *options, const struct given *given);
bool take_sandbox(struct options *options, const struct given *given);
bool take_trace(struct options *options, const struct given *given);
bool take_hash_password(struct options *options, const struct given *given);
bool take_hash_scram(struct options *options, const struct given *given);
bool take_config(struct options *options, const struct given *given);
bool take_check_config(struct options *options, const struct given *given);
bool take_help(struct options *options, const struct given *given);
bool take_version(struct options *options, const struct given *given);

#endif
