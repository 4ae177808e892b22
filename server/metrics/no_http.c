/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "log/log.h"
#include "metrics/http.h"

bool
http_exists(void)
{
	return false;
}

bool
http_open(struct event_base *base, const char *address)
{
	(void)base;
	(void)address;
	log_error("this server was built without libevent_extra");
	return false;
}

void
http_drain(void)
{
}

void
http_close(void)
{
}
