/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELAY_LIMITS_H
#define MAILIN_SERVER_RELAY_LIMITS_H

#include <mailin/config.h>

/* The limits that a reply to EHLO can name. */
#define SHOWN_LIMITS 4

struct shown_limit {
	enum mailin_limit limit;
	enum mailin_extension extension; /* the limit is shown in its line */
	char name[16];                   /* the text before the number */
	uint64_t most; /* the greatest number that the line may show */
};

extern const struct shown_limit shown_limits[SHOWN_LIMITS];

/* Returns the smaller limit; 0 means no limit. */
static inline uint64_t
limit_smaller(uint64_t one, uint64_t other)
{
	return one == 0 || (other != 0 && other < one) ? other : one;
}

#endif
