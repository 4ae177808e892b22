/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "log/log.h"
#include "settings/array.h"

void *
array_grow(void *array, size_t count, size_t size)
{
	void *grown;

	if ((count & (count - 1)) != 0)
		return array;
	grown = reallocarray(array, count > 0 ? 2 * count : 1, size);
	if (grown == NULL)
		log_error("no memory");
	return grown;
}
