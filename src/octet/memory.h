/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_MEMORY_H
#define MAILIN_SRC_MEMORY_H

#include <assert.h>
#include <string.h>

#include <mailin/config.h>
#include <mailin/span.h>

/* The library allocates all memory with these functions, from the allocator
 * that the program chose.  If there is no memory, they return NULL or false
 * and change nothing. */

/* Returns an allocator that calls malloc and free of libc. */
struct mailin_allocator mailin_allocator_default(void);

static inline void *
mailin_alloc(const struct mailin_allocator *allocator, size_t size)
{
	return allocator->alloc(size, allocator->user);
}

/* Allocate size octets, and set them to 0. */
void *mailin_alloc_clear(const struct mailin_allocator *allocator, size_t size);

static inline void
mailin_free(const struct mailin_allocator *allocator, void *memory)
{
	if (memory != NULL)
		allocator->free(memory, allocator->user);
}

/* Returns a copy of the octets, followed by a NUL. */
char *mailin_copy(const struct mailin_allocator *allocator,
    struct mailin_span octets);

/* A buffer that grows.  An emptied buffer keeps its memory, so that a long
 * session needs no new allocation.  When the octets move to other memory, the
 * old memory is overwritten. */
struct mailin_buffer {
	char *octets;
	size_t len;
	size_t room;
};

/* Grow the buffer to "room" octets in all.  Returns false if there is no
 * memory. */
bool mailin_buffer_grow(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator, size_t room);

static inline bool
mailin_buffer_reserve(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator, size_t room)
{
	return room <= buffer->room ||
	    mailin_buffer_grow(buffer, allocator, room);
}

/* Append octets.  Their room must be reserved. */
static inline void
mailin_buffer_append(struct mailin_buffer *buffer, const char *octets,
    size_t len)
{
	assert(buffer->room - buffer->len >= len);
	if (len > 0)
		memmove(buffer->octets + buffer->len, octets, len);
	buffer->len += len;
}

void mailin_buffer_free(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator);

#endif
