/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Decides that the queue of replies agrees with a model of three counters: the
 * octets added, shown and sent.  The counters are enough, because the value of
 * octet number n is computed from n.  All sequences of STEPS steps are tried,
 * each from an empty queue.  The lengths tried are near the size of a block.
 * The octets before and after a block must not change.
 *
 *	proof/queue [STEPS]
 */
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "reply/queue.h"

#define FENCE     256 /* octets before and after a block */
#define FENCED    0x5a
#define MOST      1000
#define STEPS_MAX 8

struct model {
	uint64_t added, shown, sent;
	uint64_t last;     /* the value of "added" before the last put() */
	const char *place; /* the address of the first octet that is shown, but
			      not sent */
};

static struct mailin_queue queue;
static struct model model;
static struct claim claim = {
	.what =
	    "the queue keeps its octets, their order and the places of those "
	    "that were shown"
};
static bool fails;   /* the allocator has no memory */
static int64_t live; /* blocks that are not freed */

static char
octet_of(uint64_t number)
{
	return (char)(number % 251);
}

/* ---- An allocator with fences -------------------------------------------- */

static void *
take(size_t size, void *user)
{
	unsigned char *memory = fails ? NULL : malloc(size + 2 * FENCE);

	(void)user;
	if (memory == NULL)
		return NULL;
	live++;
	memcpy(memory, &size, sizeof size);
	memset(memory + FENCE + size, FENCED, FENCE);
	return memory + FENCE;
}

static bool
is_fenced(const void *block)
{
	const unsigned char *memory = block;
	size_t size, i;

	memcpy(&size, memory - FENCE, sizeof size);
	for (i = 0; i < FENCE; i++)
		if (memory[size + i] != FENCED)
			return false;
	return true;
}

static void
give_back(void *block, void *user)
{
	(void)user;
	live--;
	free((unsigned char *)block - FENCE);
}

static const struct mailin_allocator allocator = { take, give_back, NULL };

/* ---- What must be true after each step ----------------------------------- */

/* Returns what is wrong with the block, or NULL.  "number" is the index of the
 * block's first octet among all octets that were added to the queue. */
static const char *
block_fault(const struct mailin_block *block, uint64_t number)
{
	const char *p;

	if (block->start > block->end || block->end > block->limit)
		return "a block has wrong bounds";
	for (p = block->start; p < block->end; p++)
		if (*p != octet_of(number++))
			return "an octet changed";
	if (block != &queue.first && !is_fenced(block))
		return "an octet after a block was written";
	return NULL;
}

/* Returns what is wrong with the queue, or NULL. */
static const char *
queue_fault(void)
{
	const struct mailin_block *block, *last = NULL;
	uint64_t number = model.sent;
	int64_t blocks = 0;
	const char *fault;

	if (queue.added != model.added || queue.shown != model.shown ||
	    queue.sent != model.sent)
		return "a counter is wrong";
	for (block = queue.head; block != NULL; block = block->next) {
		fault = block_fault(block, number);
		if (fault != NULL)
			return fault;
		number += (uint64_t)(block->end - block->start);
		blocks += block != &queue.first;
		last = block;
	}
	if (last != queue.tail || number != model.added)
		return "octets are missing, or too many";
	if (queue.head->start == queue.head->end && model.added != model.sent)
		return "the first block is empty";
	if (blocks != live)
		return "a block is lost";
	if (model.shown > model.sent && queue.head->start != model.place)
		return "octets that were shown moved";
	return NULL;
}

/* ---- The steps: each returns what it did wrong, or NULL ------------------ */

static const char *
put(size_t len, bool has_memory)
{
	bool must = has_memory ||
	    (model.added == model.sent && len <= QUEUE_FIRST_ROOM);
	char text[MOST];
	size_t i;

	fails = !has_memory;
	if (!mailin_queue_reserve(&queue, &allocator, len))
		return must ? "there was no room" : NULL;
	for (i = 0; i < len; i++)
		text[i] = octet_of(model.added + i);
	mailin_queue_put(&queue, text, len);
	model.last = model.added;
	model.added += len;
	return NULL;
}

static const char *
undo(uint64_t to)
{
	bool is_last = to >= model.last && to >= model.shown;

	if (mailin_queue_undo(&queue, to)) {
		model.added = to;
		model.last = model.last < to ? model.last : to;
		return to < model.shown ? "octets shown were removed" : NULL;
	}
	return is_last ? "the last octets could not be removed" : NULL;
}

static const char *
show(void)
{
	struct mailin_span span = mailin_queue_show(&queue);

	if (span.len > model.added - model.sent ||
	    (span.len == 0) != (model.added == model.sent))
		return "it showed too few or too many octets";
	if (model.sent + span.len < model.shown)
		return "it showed less than before";
	model.shown = model.sent + span.len;
	model.place = span.ptr;
	return queue.shown != model.shown ? "shown is wrong" : NULL;
}

static const char *
sent(uint64_t len, bool keep)
{
	bool may = len <= model.shown - model.sent;

	if (mailin_queue_sent(&queue, &allocator, (size_t)len, keep) != may)
		return may ? "it refused octets that were shown" :
			     "it took more than was shown";
	if (may) {
		model.sent += len;
		model.place += len;
	}
	return NULL;
}

/* clang-format off */
static const char *
step(int kind)
{
	switch (kind) {
	case 0: return put(1, true);
	case 1: return put(QUEUE_FIRST_ROOM, true);
	case 2: return put(QUEUE_FIRST_ROOM + 1, true);
	case 3: return put(960, true);
	case 4: return put(MOST, true);
	case 5: return put(1, false);
	case 6: return put(QUEUE_FIRST_ROOM + 1, false);
	case 7: return undo(model.last);
	case 8: return undo(model.sent);
	case 9: return show();
	case 10: return sent(1, false);
	case 11: return sent(model.shown - model.sent, false);
	case 12: return sent(model.shown - model.sent, true);
	case 13: return sent(model.shown - model.sent + 1, true);
	default: return NULL;
	}
}
/* clang-format on */

#define KINDS 14

/* Run the steps from an empty queue.  Check the queue only after the last step:
 * shorter sequences have checked it after the first steps. */
static void
run(const int *steps, int count)
{
	const char *fault = NULL;
	size_t at = 0;
	int i;

	mailin_queue_init(&queue);
	model = (struct model){ .place = NULL };
	for (i = 0; i < count && fault == NULL; i++)
		fault = step(steps[i]);
	if (fault == NULL)
		fault = queue_fault();
	mailin_queue_free(&queue, &allocator);
	if (fault == NULL && live != 0)
		fault = "memory is lost";
	claim.cases++;
	if (fault == NULL)
		return;
	claim.failed = true;
	at = (size_t)snprintf(claim.counterexample, sizeof claim.counterexample,
	    "counterexample: %s; steps", fault);
	for (i = 0; i < count; i++)
		at += (size_t)snprintf(claim.counterexample + at,
		    sizeof claim.counterexample - at, " %d", steps[i]);
}

static void
search(int *steps, int count, int most)
{
	int kind;

	if (count > 0)
		run(steps, count);
	if (count == most)
		return;
	for (kind = 0; kind < KINDS && !claim.failed; kind++) {
		steps[count] = kind;
		search(steps, count + 1, most);
	}
}

int
main(int argc, char **argv)
{
	int steps[STEPS_MAX], most = argc > 1 ? atoi(argv[1]) : 4;
	char bound[64];

	if (most < 1 || most > STEPS_MAX) {
		fprintf(stderr, "1 to %d steps\n", STEPS_MAX);
		return 2;
	}
	snprintf(bound, sizeof bound, "up to %d steps of %d kinds", most,
	    KINDS);
	claim.bound = bound;
	search(steps, 0, most);
	return claim_end(&claim) ? 0 : 1;
}
