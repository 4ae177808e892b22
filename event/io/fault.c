/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>

#include "io/fault.h"

void
mailin_fault_set(struct mailin_fault *fault, int error, const char *format, ...)
{
	va_list arguments;

	if (fault == NULL)
		return;
	fault->error = error;
	va_start(arguments, format);
	vsnprintf(fault->text, sizeof fault->text, format, arguments);
	va_end(arguments);
}
