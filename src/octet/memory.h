/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_MEMORY_H
#define MAILIN_SRC_MEMORY_H

#include <assert.h>
#include <string.h>

#include <mailin/config.h>
#include <mailin/span.h>

/*
 * All memory of the library comes through here, from the allocator that the
 * program gave.  Every call may answer NULL, and then nothing has changed.
 */

/* malloc and free of libc. */
struct mailin_allocator mailin_allocator_default(void);

static inline void *
mailin_alloc(const struct mailin_allocator *allocator, size_t size)
{
	return allocator->alloc(size, allocator->user);
}

/* The same, the first octets of it 0. */
void *mailin_alloc_clear(const struct mailin_allocator *allocator, size_t size,
    size_t clear);

static inline void
mailin_free(const struct mailin_allocator *allocator, void *memory)
{
	if (memory != NULL)
		allocator->free(memory, allocator->user);
}

/* A copy of the octets with a NUL behind them. */
char *mailin_copy(const struct mailin_allocator *allocator,
    struct mailin_span octets);

/* Overwrite what was secret, in a way that no compiler leaves out. */
void mailin_wipe(void *memory, size_t size);

/*
 * A buffer that grows.  It keeps its room when it is emptied, so that the
 * steady state of a session needs no allocation; where it moves, it leaves
 * nothing readable behind.
 */
struct mailin_buffer {
	char *octets;
	size_t len;
	size_t room;
};

/* Have room for so many octets in all.  False if memory is gone. */
bool mailin_buffer_grow(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator, size_t room);

static inline bool
mailin_buffer_reserve(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator, size_t room)
{
	return room <= buffer->room ||
	    mailin_buffer_grow(buffer, allocator, room);
}

/* Append; the room is reserved. */
static inline void
mailin_buffer_append(struct mailin_buffer *buffer, const char *octets,
    size_t len)
{
	assert(buffer->room - buffer->len >= len);
	if (len > 0)
		memmove(buffer->octets + buffer->len, octets, len);
	buffer->len += len;
}

/* Give it up if its room is over keep, else empty it. */
void mailin_buffer_trim(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator, size_t keep);

void mailin_buffer_free(struct mailin_buffer *buffer,
    const struct mailin_allocator *allocator);

#endif
