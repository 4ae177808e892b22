/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "confine/sandbox.h"
#include "log/log.h"

bool
sandbox_exists(void)
{
	return false;
}

bool
sandbox_enter(unsigned needs)
{
	(void)needs;
	log_error("this build has no sandbox");
	return false;
}
