/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workload.h"

#define MOST 1024

#ifdef __clang__
const char workload_compiler[] = "clang " __clang_version__;
#else
const char workload_compiler[] = "gcc " __VERSION__;
#endif

volatile size_t workload_sink;

static struct workload *rows[MOST];
static size_t row_count;

void
workload_fail(const char *what, const char *which)
{
	fprintf(stderr, "bench: %s: %s\n", which, what);
	exit(1);
}

void *
workload_memory(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		workload_fail("no memory", "malloc");
	memset(memory, 0, size);
	return memory;
}

unsigned
workload_random(unsigned long long *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*state >> 33);
}

static void
prepare_nothing(const struct workload *workload)
{
	(void)workload;
}

struct workload *
workload_add(const char *unit, const char *format, ...)
{
	struct workload *row = workload_memory(sizeof *row);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(row->name, sizeof row->name, format, arguments);
	va_end(arguments);
	if (row_count == MOST)
		workload_fail("the table is full", row->name);
	row->unit = unit;
	row->items = 1;
	row->allocations = -1;
	row->memory = -1;
	row->timed = true;
	row->prepare = prepare_nothing;
	rows[row_count++] = row;
	return row;
}

struct workload *
workload_at(size_t index)
{
	return index < row_count ? rows[index] : NULL;
}
