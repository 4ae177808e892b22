/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "reply/queue.h"
#include "octet/rare.h"

/* The room of a block: enough for several replies. */
#define BLOCK_ROOM 960

/* Empty the block that is a member of the queue, and return it. */
static struct mailin_block *
first_block(struct mailin_queue *queue)
{
	char *octets = queue->first_octets;

	queue->first = (struct mailin_block){ NULL, octets, octets,
		octets + sizeof queue->first_octets };
	return &queue->first;
}

static struct mailin_block *
new_block(const struct mailin_allocator *allocator, size_t room)
{
	struct mailin_block *block = mailin_alloc(allocator,
	    sizeof *block + room);
	char *octets;

	if (block == NULL)
		return NULL;
	octets = (char *)(block + 1);
	*block = (struct mailin_block){ NULL, octets, octets, octets + room };
	return block;
}

/* Free a block, but not the block that is a member of the queue. */
static void
free_block(struct mailin_queue *queue, const struct mailin_allocator *allocator,
    struct mailin_block *block)
{
	if (block != &queue->first)
		mailin_free(allocator, block);
}

static size_t
block_len(const struct mailin_block *block)
{
	return (size_t)(block->end - block->start);
}

void
mailin_queue_init(struct mailin_queue *queue)
{
	queue->head = queue->tail = first_block(queue);
	queue->added = queue->shown = queue->sent = 0;
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
	struct mailin_block *tail = queue->tail, *block;
	size_t have = block_len(tail);
	/* If the queue holds only a few octets, and mailin_queue_show() has not
	 * returned them yet, move them to the new block.  They are then sent
	 * together with the octets after them. */
	bool moves = tail == queue->head && queue->shown == queue->sent &&
	    have <= QUEUE_FIRST_ROOM;

	len += moves ? have : 0;
	block = new_block(allocator, len > BLOCK_ROOM ? len : BLOCK_ROOM);
	if (block == NULL)
		return false;
	if (moves) {
		memcpy(block->end, tail->start, have);
		block->end += have;
		free_block(queue, allocator, tail);
		queue->head = block;
	} else {
		tail->next = block;
	}
	queue->tail = block;
	return true;
}

bool
mailin_queue_undo(struct mailin_queue *queue, uint64_t to)
{
	uint64_t back = queue->added - to;

	if (queue->shown > to || back > block_len(queue->tail))
		return false;
	queue->tail->end -= back;
	queue->added = to;
	return true;
}

struct mailin_span
mailin_queue_show(struct mailin_queue *queue)
{
	const struct mailin_block *block = queue->head;
	size_t len = block_len(block);

	queue->shown = queue->sent + len;
	return (struct mailin_span){ block->start, len };
}

/* Free empty blocks at the head, but not the last block. */
static RARE void
leave_block(struct mailin_queue *queue,
    const struct mailin_allocator *allocator)
{
	struct mailin_block *block = queue->head;

	while (block_len(block) == 0 && block->next != NULL) {
		queue->head = block->next;
		free_block(queue, allocator, block);
		block = queue->head;
	}
}

/* All octets of the block are sent: empty it.  Unless keep is set, free it. */
static inline void
reuse_block(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, bool keep)
{
	struct mailin_block *block = queue->head;
	char *octets = block == &queue->first ? queue->first_octets :
						(char *)(block + 1);

	if (block != &queue->first &&
	    (!keep || (size_t)(block->limit - octets) > BLOCK_ROOM)) {
		mailin_free(allocator, block);
		queue->head = queue->tail = first_block(queue);
		return;
	}
	block->start = block->end = octets;
}

bool
mailin_queue_sent(struct mailin_queue *queue,
    const struct mailin_allocator *allocator, size_t len, bool keep)
{
	if (len > queue->shown - queue->sent)
		return false;
	queue->head->start += len;
	queue->sent += len;
	if (queue->head->next != NULL)
		leave_block(queue, allocator);
	if (queue->sent == queue->added)
		reuse_block(queue, allocator, keep);
	return true;
}
