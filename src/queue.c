/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "queue.h"

/* Room for a few replies, and for any that a handler may format. */
#define BLOCK_ROOM 960

void
mailin_queue_init(struct mailin_queue *queue)
{
	queue->first = (struct mailin_block){
		.room = sizeof queue->first_octets
	};
	queue->head = queue->tail = &queue->first;
	queue->added = queue->shown = queue->sent = 0;
}

/* The first block is not the allocator's. */
static void
free_block(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, struct mailin_block *block)
{
	if (block != &queue->first)
		mailin_free(allocator, block);
}

void
mailin_queue_free(struct mailin_queue *queue,
    const struct mailin_allocator *allocator)
{
	struct mailin_block *block, *next;

	for (block = queue->head; block != NULL; block = next) {
		next = block->next;
		free_block(queue, allocator, block);
	}
	queue->head = queue->tail = NULL;
}

bool
mailin_queue_grow(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len)
{
	struct mailin_block *block;
	uint32_t room = len > BLOCK_ROOM ? (uint32_t)len : BLOCK_ROOM;

	block = mailin_alloc(allocator, sizeof *block + room);
	if (block == NULL)
		return false;
	*block = (struct mailin_block){ .room = room };
	if (queue->sent == queue->added) {
		free_block(queue, allocator, queue->head);
		queue->head = block;
	} else {
		queue->tail->next = block;
	}
	queue->tail = block;
	return true;
}

bool
mailin_queue_undo(struct mailin_queue *queue, uint64_t to)
{
	uint64_t back = queue->added - to;

	if (queue->shown > to || back > queue->tail->end - queue->tail->start)
		return false;
	queue->tail->end -= (uint32_t)back;
	queue->added = to;
	return true;
}

struct mailin_span
mailin_queue_show(struct mailin_queue *queue)
{
	struct mailin_block *block = queue->head;
	size_t len = block->end - block->start;

	queue->shown = queue->sent + len;
	return (struct mailin_span){
		mailin_block_octets(queue, block) + block->start, len
	};
}

/* All is sent: what is left of the memory? */
static void
settle(struct mailin_queue *queue, const struct mailin_allocator *allocator,
    bool keep)
{
	struct mailin_block *block = queue->head;

	if (block != &queue->first && (!keep || block->room > BLOCK_ROOM)) {
		mailin_free(allocator, block);
		block = queue->head = queue->tail = &queue->first;
	}
	block->start = block->end = 0;
}

bool
mailin_queue_sent(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len, bool keep)
{
	struct mailin_block *block = queue->head;

	if (len > queue->shown - queue->sent)
		return false;
	block->start += (uint32_t)len;
	queue->sent += len;
	while (block->start == block->end && block->next != NULL) {
		queue->head = block->next;
		block->next = NULL;
		free_block(queue, allocator, block);
		block = queue->head;
	}
	if (queue->sent == queue->added)
		settle(queue, allocator, keep);
	return true;
}
