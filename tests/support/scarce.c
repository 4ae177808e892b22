/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "support/scarce.h"

static unsigned long left, more;
static bool failed;
static long blocks;

static bool
is_gone(void)
{
	if (left == 0 || --left > 0)
		return false;
	if (more > 0) {
		left = 1;
		more--;
	}
	failed = true;
	errno = ENOMEM;
	return true;
}

static void *
counted(void *memory)
{
	blocks += memory != NULL;
	return memory;
}

void *
scarce_malloc(size_t size)
{
	return is_gone() ? NULL : counted(malloc(size));
}

void *
scarce_calloc(size_t count, size_t size)
{
	return is_gone() ? NULL : counted(calloc(count, size));
}

void *
scarce_realloc(void *memory, size_t size)
{
	void *new_memory;

	if (is_gone())
		return NULL;
	new_memory = realloc(memory, size);
	blocks += memory == NULL && new_memory != NULL;
	return new_memory;
}

void
scarce_free(void *memory)
{
	blocks -= memory != NULL;
	free(memory);
}

int
scarce_event_add(struct event *event, const struct timeval *after)
{
	return is_gone() ? -1 : event_add(event, after);
}

void
scarce_fail(unsigned long n)
{
	left = n;
	more = 0;
	failed = false;
}

void
scarce_fail_next(unsigned long count)
{
	scarce_fail(1);
	more = count - 1;
}

bool
scarce_has_failed(void)
{
	return failed;
}

long
scarce_blocks(void)
{
	return blocks;
}
