/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_QUEUE_H
#define MAILIN_SRC_QUEUE_H

#include <assert.h>
#include <string.h>

#include <mailin/span.h>

#include "octet/memory.h"

/*
 * Octets on their way out.  What has been shown stays in place until it is
 * sent, so the queue is a chain of blocks that never move, the front one empty
 * only if all are.  The first block is part of the queue itself: an empty queue
 * has room without asking for memory.
 */

#define QUEUE_FIRST_ROOM 104

struct mailin_block {
	struct mailin_block *next;
	char *start, *end; /* what is in it */
	char *limit;       /* and might be */
};

struct mailin_queue {
	struct mailin_block *head, *tail;
	struct mailin_block first;
	char first_octets[QUEUE_FIRST_ROOM];
	uint64_t added; /* octets ever */
	uint64_t shown;
	uint64_t sent;
};

void mailin_queue_init(struct mailin_queue *queue);
void mailin_queue_free(struct mailin_queue *queue,
    const struct mailin_allocator *allocator);

/* Octets not yet sent. */
static inline uint64_t
mailin_queue_len(const struct mailin_queue *queue)
{
	return queue->added - queue->sent;
}

/* Have room for len octets; never fails on an empty queue if len is at most
 * QUEUE_FIRST_ROOM.  What has been shown stays where it is. */
bool mailin_queue_grow(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len);

/* For how many there is. */
static inline size_t
mailin_queue_room(const struct mailin_queue *queue)
{
	return (size_t)(queue->tail->limit - queue->tail->end);
}

static inline bool
mailin_queue_reserve(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len)
{
	return mailin_queue_room(queue) >= len ||
	    mailin_queue_grow(queue, allocator, len);
}

/* Append; the room is reserved: all of it is copied, which is one step where it
 * is a constant, and of the octets len are meant. */
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

/* The same without padding. */
static inline void
mailin_queue_put(struct mailin_queue *queue, const char *octets, size_t len)
{
	mailin_queue_put_padded(queue, octets, len, len);
}

/* Take back what was added since added was to, if it has not been shown. */
bool mailin_queue_undo(struct mailin_queue *queue, uint64_t to);

/* What to send next, and that so much of it was sent: false if more than
 * shown.  keep: keep one emptied block, unless it is a large one. */
struct mailin_span mailin_queue_show(struct mailin_queue *queue);
bool mailin_queue_sent(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len, bool keep);

#endif
