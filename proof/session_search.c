/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "session_search.h"
#include "support/rule_names.h"

static void *
grow(void *array, uint32_t *room, size_t each)
{
	*room = *room * 2 + 1024;
	array = realloc(array, *room * each);
	if (array == NULL)
		abort();
	return array;
}

uint64_t
search_hash(uint64_t value, const void *octets, size_t len)
{
	const unsigned char *at = octets;
	size_t i;

	for (i = 0; i < len; i++)
		value = (value ^ at[i]) * UINT64_C(0x100000001b3);
	return value;
}

/* ---- States -------------------------------------------------------------- */

static uint32_t
find_node(const struct key *key, bool *is_new)
{
	uint32_t *slot =
	    &search.table[search_hash(HASH, key, sizeof *key) % TABLE];
	uint32_t i;
	struct node *node;

	*is_new = false;
	for (i = *slot; i != NO_NODE; i = search.nodes[i].next)
		if (key_equal(&search.nodes[i].key, key))
			return i;
	if (search.count == search.room)
		search.nodes = grow(search.nodes, &search.room,
		    sizeof *search.nodes);
	*is_new = true;
	node = &search.nodes[search.count];
	memset(node, 0, sizeof *node);
	node->key = *key;
	node->parent = NO_NODE;
	node->next = *slot;
	*slot = search.count;
	return search.count++;
}

static void
wait_for(uint32_t node)
{
	if (search.last == search.queue_room)
		search.queue = grow(search.queue, &search.queue_room,
		    sizeof *search.queue);
	search.queue[search.last++] = (struct waiting){ node, world_copy() };
	search.nodes[node].histories++;
}

/* Record that the current event leads to this state. */
uint32_t
search_arrive(const struct key *key, uint32_t from)
{
	bool is_new;
	uint32_t to = find_node(key, &is_new);
	struct node *node = &search.nodes[to];

	if (is_new) {
		node->parent = from;
		if (search.event != NULL)
			node->event = (uint16_t)(search.event - events);
		memcpy(node->verdicts, choices.verdicts, sizeof node->verdicts);
	}
	if (is_new ||
	    (node->histories < HISTORIES && to != from && node->parent != from))
		wait_for(to);
	return to;
}

void
search_note_edge(uint32_t from, uint32_t to)
{
	uint32_t room = (uint32_t)search.edge_room;

	if (from == to)
		return;
	if (search.edge_count == search.edge_room) {
		search.edges = grow(search.edges, &room, sizeof *search.edges);
		search.edge_room = room;
	}
	search.edges[search.edge_count][0] = from;
	search.edges[search.edge_count++][1] = to;
}

/* Check that each state has a way to the end of the session: go backwards from
 * the states that end it. */
void
search_check_ends(void)
{
	bool changed = true;
	uint32_t i;
	size_t j;

	for (i = 0; i < search.count; i++)
		search.nodes[i].ends = search.nodes[i].key.state ==
		    STATE_CLOSED;
	while (changed) {
		changed = false;
		for (j = search.edge_count; j-- > 0;)
			if (search.nodes[search.edges[j][1]].ends &&
			    !search.nodes[search.edges[j][0]].ends) {
				search.nodes[search.edges[j][0]].ends = true;
				changed = true;
			}
	}
	for (i = 0; i < search.count; i++)
		hold(CLAIM_REACH, search.nodes[i].ends,
		    state_name((enum mailin_state)search.nodes[i].key.state));
}
