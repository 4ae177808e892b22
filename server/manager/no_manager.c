/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "manager/manager.h"

bool
manager_exists(void)
{
	return false;
}

const char *
manager_socket(const char *name, size_t i)
{
	(void)name;
	(void)i;
	return NULL;
}

bool
manager_listens(void)
{
	return false;
}

void
manager_ready(void)
{
}

void
manager_reloading(void)
{
}

void
manager_stopping(void)
{
}

bool
manager_watch(struct event_base *base)
{
	(void)base;
	return true;
}

void
manager_unwatch(void)
{
}
