/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_STORE_OPTIONS_H
#define MAILIN_SERVER_STORE_OPTIONS_H

#include "settings/options.h"

/* Functions that take the options on where messages go (option_table.h). */

bool take_maildir(struct options *options, const struct given *given);
bool take_maildir_newline(struct options *options, const struct given *given);
bool take_workers(struct options *options, const struct given *given);
bool take_discard(struct options *options, const struct given *given);
bool take_smtp(struct options *options, const struct given *given);
bool take_lmtp(struct options *options, const struct given *given);
bool take_back_end_tls(struct options *options, const struct given *given);
bool take_back_end_ca(struct options *options, const struct given *given);
bool take_back_end_auth(struct options *options, const struct given *given);
bool take_back_end_xclient(struct options *options, const struct given *given);
bool take_back_end_timeout(struct options *options, const struct given *given);

/* Call when all options are known.  With back ends, offers DSN and LIMITS
 * unless --extensions says otherwise.  Returns false, with the reason on
 * stderr, if the back ends cannot be used. */
bool store_options_finish(const struct options *options);

#endif
