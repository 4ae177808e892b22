/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "octet/memory.h"
#include "octet/wipe.h"

static void *
libc_alloc(size_t size, void *user)
{
	(void)user;
	return malloc(size);
}

static void
libc_free(void *memory, void *user)
{
	(void)user;
	free(memory);
}

struct mailin_allocator
mailin_allocator_default(void)
{
	return (struct mailin_allocator){ libc_alloc, libc_free, NULL };
}

void *
mailin_alloc_clear(const struct mailin_allocator *allocator, size_t size)
{
	void *memory = mailin_alloc(allocator, size);

	if (memory != NULL)
		memset(memory, 0, size);
	return memory;
}

char *
mailin_copy(const struct mailin_allocator *allocator, struct mailin_span octets)
{
	char *copy = mailin_alloc(allocator, octets.len + 1);

	if (copy == NULL)
		return NULL;
	if (octets.len > 0)
		memcpy(copy, octets.ptr, octets.len);
	copy[octets.len] = '\0';
	return copy;
}

bool
mailin_buffer_grow(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator, size_t room)
{
	size_t size = buffer->room < 32 ? 64 : 2 * buffer->room;
	char *octets;

	if (size < room)
		size = room;
	octets = mailin_alloc(allocator, size);
	if (octets == NULL)
		return false;
	if (buffer->len > 0) {
		memcpy(octets, buffer->octets, buffer->len);
		wipe(buffer->octets, buffer->len);
	}
	mailin_free(allocator, buffer->octets);
	buffer->octets = octets;
	buffer->room = size;
	return true;
}

void
mailin_buffer_free(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator)
{
	mailin_free(allocator, buffer->octets);
	*buffer = (struct mailin_buffer){ NULL, 0, 0 };
}
