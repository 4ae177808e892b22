/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <sys/mman.h>

#include "check.h"

/* ---- Copies -------------------------------------------------------------- */

#ifdef __SANITIZE_ADDRESS__ /* gcc */
#define IS_SANITIZED true
#elif defined __has_feature /* clang */
#define IS_SANITIZED \
	(__has_feature(address_sanitizer) || __has_feature(memory_sanitizer))
#else
#define IS_SANITIZED false
#endif

/*
 * Sanitizers and Valgrind find a read outside a block of malloc(), and a read
 * after free().  Valgrind may watch when all ways are run.  Otherwise a copy
 * ends where an inaccessible page begins, and a read after its end is a crash.
 * The copy is overwritten when it is dropped, so that a later read gets other
 * octets.  The memory is mapped once: a mapping for each copy is slow.
 */
#define COPIES    4
#define COPY_ROOM ((size_t)1 << 16) /* a multiple of each page size */

static size_t copies_taken;

static bool
uses_malloc(size_t len)
{
	return IS_SANITIZED || len > COPY_ROOM || check_all();
}

/* Returns the end of the memory for this copy. */
static char *
copy_end(size_t number)
{
	static char *memory;
	size_t i;

	if (memory == NULL) {
		memory = mmap(NULL, COPIES * 2 * COPY_ROOM,
		    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK(memory != MAP_FAILED);
		for (i = 0; i < COPIES; i++)
			CHECK(mprotect(memory + (2 * i + 1) * COPY_ROOM,
				  COPY_ROOM, PROT_NONE) == 0);
	}
	return memory + (2 * number + 1) * COPY_ROOM;
}

char *
check_copy(const void *octets, size_t len)
{
	char *copy;

	if (uses_malloc(len)) {
		copy = malloc(len > 0 ? len : 1);
		CHECK(copy != NULL);
	} else {
		CHECK(copies_taken < COPIES);
		copy = copy_end(copies_taken++) - len;
	}
	if (len > 0)
		memcpy(copy, octets, len);
	return copy;
}

void
check_drop(char *copy, size_t len)
{
	if (uses_malloc(len)) {
		free(copy);
		return;
	}
	CHECK(copy + len == copy_end(--copies_taken));
	memset(copy, 0xdb, len);
}

/* ---- The way in which an input is run ------------------------------------ */

size_t
check_choose(const uint8_t *data, size_t size, size_t count)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	size_t i;

	for (i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return (hash >> 8) % count;
}

bool
check_all(void)
{
	static int all = -1;

	if (all < 0)
		all = getenv("MAILIN_FUZZ_ALL") != NULL;
	return all > 0;
}
