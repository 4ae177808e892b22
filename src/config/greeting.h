/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_GREETING_H
#define MAILIN_SRC_GREETING_H

#include <mailin/config.h>
#include <mailin/span.h>

#include "reply/encode.h"

/* The octets of a server's greeting, and of its replies to HELO and EHLO (RFC
 * 5321 4.3.1, 4.1.1.1).  This file reads the config, but no session. */

/* The contents of the reply to EHLO. */
struct mailin_offer {
	uint32_t extensions; /* a bit for each extension */
	uint32_t mechanisms; /* a bit for each mechanism */
	/* The EHLO lines that the program has added.  Each begins with LF. */
	struct mailin_span keywords;
};

struct mailin_greeting {
	int code;
	bool opens; /* true: the server's greeting; false: a reply to HELO */
	struct mailin_span text; /* if present, replaces the first line */
	const struct mailin_offer *offer; /* NULL: offer no extensions */
};

/* Write the octets of a greeting.  Returns their number. */
size_t mailin_greeting_encode(const struct mailin_config *config,
    const struct mailin_greeting *greeting, char octets[REPLY_ROOM]);

#endif
