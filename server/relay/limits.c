/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "relay/limits.h"

/* The numbers in LIMITS have at most six digits (RFC 9422 4). */
#define SIX_DIGITS 999999

/* clang-format off */
const struct shown_limit shown_limits[SHOWN_LIMITS] = {
	{ MAILIN_LIMIT_MESSAGE_SIZE, MAILIN_EXTENSION_SIZE,   "",
	    UINT64_MAX },
	{ MAILIN_LIMIT_RECIPIENTS,   MAILIN_EXTENSION_LIMITS, "RCPTMAX=",
	    SIX_DIGITS },
	{ MAILIN_LIMIT_TRANSACTIONS, MAILIN_EXTENSION_LIMITS, "MAILMAX=",
	    SIX_DIGITS },
	{ MAILIN_LIMIT_RCPT_DOMAINS, MAILIN_EXTENSION_LIMITS, "RCPTDOMAINMAX=",
	    SIX_DIGITS },
};
/* clang-format on */
