/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_QUEUE_H
#define MAILIN_SRC_QUEUE_H

#include <assert.h>
#include <string.h>

#include <mailin/span.h>

#include "memory.h"

/*
 * Octets on their way out.  What has been shown stays in place until it is
 * sent, so the queue is a chain of blocks that never move, the front one empty
 * only if all are.  The first block is part of the queue itself: an empty queue
 * has room without asking for memory.
 */

#define QUEUE_FIRST_ROOM 104

struct mailin_block {
	struct mailin_block *next;
	uint32_t             start, end, room;
};

struct mailin_queue {
	struct mailin_block *head, *tail;
	struct mailin_block  first;
	char                 first_octets[QUEUE_FIRST_ROOM];
	uint64_t             added;   /* octets ever */
	uint64_t             shown;
	uint64_t             sent;
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
 * QUEUE_FIRST_ROOM. */
bool mailin_queue_grow(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len);

static inline bool
mailin_queue_reserve(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len)
{
	return queue->tail->room - queue->tail->end >= len ||
	    mailin_queue_grow(queue, allocator, len);
}

/* The first block's octets are the queue's own, another's follow it. */
static inline char *
mailin_block_octets(struct mailin_queue *queue, struct mailin_block *block)
{
	return block == &queue->first ? queue->first_octets
	    : (char *)(block + 1);
}

/* Append; the room is reserved. */
static inline void
mailin_queue_put(struct mailin_queue *queue, const char *octets, size_t len)
{
	struct mailin_block *block = queue->tail;

	assert(block->room - block->end >= len);
	memcpy(mailin_block_octets(queue, block) + block->end, octets, len);
	block->end += (uint32_t)len;
	queue->added += len;
}

/* Take back what was added since added was to, if it has not been shown. */
bool mailin_queue_undo(struct mailin_queue *queue, uint64_t to);

/* What to send next, and that so much of it was sent: false if more than
 * shown.  keep: keep one emptied block, unless it is a large one. */
struct mailin_span mailin_queue_show(struct mailin_queue *queue);
bool mailin_queue_sent(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len, bool keep);

#endif
