/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_RUN_H
#define MAILIN_FUZZ_SESSION_RUN_H

#include "session_plan.h"

/* A decision for which the handler returned PENDING. */
struct run_decision {
	uint64_t token;
	uint8_t verdict;
	bool sasl; /* a step of a SASL mechanism of the program */
};

/* One run of an input: in one piece, in several pieces, or with decisions made
 * later. */
struct run {
	struct check check;
	const struct plan_head *head;
	struct mailin_span stream;
	struct mailin_session *session;
	bool in_pieces;
	bool puts_off; /* each decision is PENDING first */
	size_t reads;  /* octets of output that are sent at once; 0: all */
	size_t piece, point; /* indexes of the next elements of the plan:
				"piece" in cuts, "point" in reads */
	size_t decisions;    /* the number of decisions so far, without those on
				data */
	struct run_decision pending[1024];
	size_t pending_count;
	uint64_t allocations;
	size_t blocks;
};

extern const struct mailin_handler run_handler, run_handler_silent;

/* Resume all pending decisions, in reverse order. */
void run_settle(struct run *run);

#endif
