/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "support/heap.h"

/* The header before each block.  The octets after it are aligned like those of
 * malloc(). */
struct heap_block {
	_Alignas(16) struct heap_block *next;
	struct heap_block **link; /* the pointer to this block */
	size_t size;
};

static bool
holds(const struct heap_block *block, const char *text)
{
	const char *octets = (const char *)(block + 1);
	size_t i, len = strlen(text);

	for (i = 0; i + len <= block->size; i++)
		if (memcmp(octets + i, text, len) == 0)
			return true;
	return false;
}

static void *
heap_alloc(size_t size, void *user)
{
	struct heap *heap = user;
	struct heap_block *block;

	heap->calls++;
	if (heap->fail_at != 0 &&
	    (heap->calls == heap->fail_at ||
		(heap->fail_on && heap->calls > heap->fail_at)))
		return NULL;
	block = malloc(sizeof *block + size);
	if (block == NULL)
		abort();
	memset(block + 1, 0xa5, size);
	block->size = size;
	block->next = heap->blocks;
	block->link = &heap->blocks;
	if (block->next != NULL)
		block->next->link = &block->next;
	heap->blocks = block;
	heap->octets += size;
	if (heap->peak < heap->octets)
		heap->peak = heap->octets;
	return block + 1;
}

static void
heap_free(void *memory, void *user)
{
	struct heap *heap = user;
	struct heap_block *block = (struct heap_block *)memory - 1;

	if (heap->secret != NULL && holds(block, heap->secret))
		heap->leaks++;
	*block->link = block->next;
	if (block->next != NULL)
		block->next->link = block->link;
	heap->octets -= block->size;
	free(block);
}

void
heap_init(struct heap *heap)
{
	memset(heap, 0, sizeof *heap);
	heap->allocator.alloc = heap_alloc;
	heap->allocator.free = heap_free;
	heap->allocator.user = heap;
}

void
heap_fail(struct heap *heap, uint64_t n, bool on)
{
	heap->fail_at = n == 0 ? 0 : heap->calls + n;
	heap->fail_on = on;
}

size_t
heap_holding(const struct heap *heap, const char *text)
{
	const struct heap_block *block;
	size_t count = 0;

	for (block = heap->blocks; block != NULL; block = block->next)
		count += holds(block, text);
	return count;
}
