/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_GREETING_H
#define MAILIN_SRC_GREETING_H

#include <mailin/config.h>
#include <mailin/span.h>

#include "encode.h"

/*
 * The greeting of a server, and its replies to HELO and EHLO (RFC 5321 4.3.1,
 * 4.1.1.1), as octets: knows the config, not sessions.
 */

/* What EHLO is told. */
struct mailin_offer {
	uint32_t           extensions; /* a bit each */
	uint32_t           mechanisms; /* of AUTH (config_data.h), as well */
	struct mailin_span keywords;   /* the program's, a LF before each */
};

struct mailin_greeting {
	int                code;
	bool               opens;      /* the session; else it is a reply */
	struct mailin_span text;       /* in place of the name; absent: none */
	const struct mailin_offer *offer; /* NULL: nothing follows */
};

/* Answers the length. */
size_t mailin_greeting_encode(const struct mailin_config *config,
    const struct mailin_greeting *greeting, char octets[REPLY_ROOM]);

#endif
