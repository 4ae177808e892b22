/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELAY_LIMITS_H
#define MAILIN_SERVER_RELAY_LIMITS_H

#include <mailin/config.h>

/* The limits that a reply to EHLO can name. */
#define SHOWN_LIMITS 4

struct shown_limit {
	enum mailin_limit limit;
	enum mailin_extension extension; /* whose line has it */
	char name[16];                   /* before the number */
	uint64_t most; /* a greater number cannot be written */
};

extern const struct shown_limit shown_limits[SHOWN_LIMITS];

/* Returns the smaller limit; 0 means no limit. */
static inline uint64_t
limit_smaller(uint64_t one, uint64_t other)
{
	return one == 0 || (other != 0 && other < one) ? other : one;
}

#endif
