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
sandbox_enter(bool datagrams)
{
	(void)datagrams;
	log_error("this build has no sandbox");
	return false;
}
