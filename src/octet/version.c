/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/version.h>

const char *
mailin_version(void)
{
	return MAILIN_VERSION;
}

unsigned
mailin_version_number(void)
{
	return MAILIN_VERSION_NUMBER;
}
