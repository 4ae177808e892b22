/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "transcript/transcript.h"

/* Puts octets right before a page that is not mapped, right after such a page,
 * or into a heap block, and removes them after the call. */

#define ROOM ((size_t)8 << 20)

static char *block;  /* used by EDGE_NONE */
static char *region; /* the memory between the unmapped pages */
static char *used;
static size_t used_len;

static void
map(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *all = mmap(NULL, ROOM + 2 * page, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED ||
	    mprotect(all + page, ROOM, PROT_READ | PROT_WRITE) != 0)
		abort();
	region = all + page;
}

const char *
edge_octets(enum edge edge, const char *octets, size_t len)
{
	if (edge == EDGE_NONE) {
		block = malloc(len > 0 ? len : 1);
		if (block == NULL)
			abort();
		used = block;
	} else {
		if (region == NULL)
			map();
		if (len > ROOM)
			abort();
		used = edge == EDGE_AFTER ? region + ROOM - len : region;
	}
	used_len = len;
	if (len > 0)
		memcpy(used, octets, len);
	return used;
}

void
edge_leave(void)
{
	if (used_len > 0)
		memset(used, '#', used_len);
	free(block);
	block = NULL;
}
