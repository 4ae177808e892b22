/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_QUEUE_H
#define MAILIN_SRC_QUEUE_H

#include <assert.h>
#include <string.h>

#include <mailin/span.h>

#include "octet/memory.h"

/*
 * A queue of octets to send.  It is a chain of blocks that do not move, because
 * mailin_queue_show() returns a pointer to octets, which must stay in place
 * until they are sent.  If the first block is empty, the whole queue is empty.
 * One block is a member of the queue, so an empty queue has room without an
 * allocation.
 */

#define QUEUE_FIRST_ROOM 104

struct mailin_block {
	struct mailin_block *next;
	char *start, *end; /* the octets in the block */
	char *limit;       /* the end of its room */
};

struct mailin_queue {
	struct mailin_block *head, *tail;
	struct mailin_block first;
	char first_octets[QUEUE_FIRST_ROOM];
	uint64_t added; /* octets queued so far */
	uint64_t shown; /* octets returned by mailin_queue_show() so far */
	uint64_t sent;  /* octets sent so far */
};

void mailin_queue_init(struct mailin_queue *queue);
void mailin_queue_free(struct mailin_queue *queue,
    const struct mailin_allocator *allocator);

/* Returns the number of octets that are not sent yet. */
static inline uint64_t
mailin_queue_len(const struct mailin_queue *queue)
{
	return queue->added - queue->sent;
}

/* Add a block with room for len octets.  Returns false if there is no
 * memory. */
bool mailin_queue_grow(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len);

/* Returns how many octets fit in the last block. */
static inline size_t
mailin_queue_room(const struct mailin_queue *queue)
{
	return (size_t)(queue->tail->limit - queue->tail->end);
}

/* Reserve room for len octets.  Octets that mailin_queue_show() has returned
 * stay in place.  Returns false if there is no memory.  An empty queue always
 * has QUEUE_FIRST_ROOM octets. */
static inline bool
mailin_queue_reserve(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len)
{
	return mailin_queue_room(queue) >= len ||
	    mailin_queue_grow(queue, allocator, len);
}

/* Append len octets.  The function copies "room" octets, because a copy of
 * constant size is faster; "room" octets must be reserved. */
static inline void
mailin_queue_put_padded(struct mailin_queue *queue, const char *octets,
    size_t room, size_t len)
{
	struct mailin_block *block = queue->tail;

	assert(len <= room && mailin_queue_room(queue) >= room);
	memcpy(block->end, octets, room);
	block->end += len;
	queue->added += len;
}

/* Append len octets.  Their room must be reserved. */
static inline void
mailin_queue_put(struct mailin_queue *queue, const char *octets, size_t len)
{
	mailin_queue_put_padded(queue, octets, len, len);
}

/* Remove all octets that were queued since the counter "added" had the value
 * "to".  Returns false if mailin_queue_show() has already returned any of
 * them. */
bool mailin_queue_undo(struct mailin_queue *queue, uint64_t to);

/*
 * mailin_queue_show() returns the octets to send next.  mailin_queue_sent()
 * removes octets that were sent; it returns false if len is more than
 * mailin_queue_show() has returned.  If keep is true, an empty queue keeps one
 * allocated block for later, unless the block is large.
 */
struct mailin_span mailin_queue_show(struct mailin_queue *queue);
bool mailin_queue_sent(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len, bool keep);

#endif
