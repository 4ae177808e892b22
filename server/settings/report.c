/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "log/log.h"
#include "settings/report.h"

/* Copy a text that names options.  Remove the dashes if the options are in a
 * file. */
static void
name_options(const struct policy *policy, const char *from, char text[256])
{
	size_t len = 0;

	for (; *from != '\0' && len < 255; from++) {
		if (policy->where[0] != '\0' && strncmp(from, "--", 2) == 0)
			from += 2;
		text[len++] = *from;
	}
	text[len] = '\0';
}

bool
policy_wrong(const struct policy *policy, const char *fault)
{
	char text[256];

	name_options(policy, fault, text);
	log_error("%s%s", policy->where, text);
	return false;
}

void
policy_warn(const struct policy *policy, const char *advice)
{
	char text[256];

	name_options(policy, advice, text);
	log_warning("%s%s", policy->where, text);
}
