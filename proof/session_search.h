/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_SESSION_SEARCH_H
#define MAILIN_PROOF_SESSION_SEARCH_H

#include <stdlib.h>

#include "session_judge.h"

/* The states that were found, and the ways between them. */

/* The number of histories that are tried for each state. */
#define HISTORIES 2

#define NO_NODE UINT32_MAX

struct node {
	struct key key;
	uint32_t next;   /* the next node with the same hash */
	uint32_t parent; /* the node before this one on a shortest way */
	uint16_t event;
	uint8_t verdicts[MOST_CHOICES];
	uint8_t histories;
	bool ends; /* a way leads from this node to the end of the session */
	uint64_t *reactions;
	uint32_t reaction_count;
};

/* A history that waits to be tried. */
struct waiting {
	uint32_t node;
	struct world *world;
};

struct search {
	struct setup setup;
	struct mailin_config *config;
	struct node *nodes;
	uint32_t count, room;
	uint32_t *table; /* for each hash, the first node that has it */
	struct waiting *queue;
	uint32_t first, last, queue_room;
	uint32_t (*edges)[2];
	size_t edge_count, edge_room;
	uint32_t node; /* the node whose event is tried */
	const struct event *event;
	struct world *start;
	bool waits; /* decisions may be PENDING */
};

extern struct search search;

#define TABLE ((uint32_t)1 << 18)

#define HASH UINT64_C(0xcbf29ce484222325)

uint64_t search_hash(uint64_t value, const void *octets, size_t len);
/* Record that search.event, with its choices, leads from the current node to
 * this state.  A state that is new, or was reached in another way, is tried
 * later. */
uint32_t search_arrive(const struct key *key, uint32_t from);
void search_note_edge(uint32_t from, uint32_t to);
/* Check that each state has a way to the end. */
void search_check_ends(void);

#endif
