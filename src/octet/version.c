/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/version.h>

const char *
mailin_version(void)
{
	return MAILIN_VERSION;
}
