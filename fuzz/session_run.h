/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_RUN_H
#define MAILIN_FUZZ_SESSION_RUN_H

#include "session_plan.h"

/* A decision that was answered PENDING. */
struct run_decision {
	uint64_t token;
	uint8_t  verdict;
	bool     sasl;      /* a step of the program's own mechanism */
};

/* One way through an input. */
struct run {
	struct check            check;
	const struct plan_head *head;
	struct mailin_span      stream;
	struct mailin_session  *session;
	bool                    in_pieces;
	size_t                  piece, point;  /* the next of the plan's */
	size_t                  decisions;     /* but for data */
	struct run_decision     pending[1024];
	size_t                  pending_count;
	uint64_t                allocations;
	size_t                  blocks;
};

extern const struct mailin_handler run_handler, run_handler_silent;

/* Resume what is pending, the last one first. */
void run_settle(struct run *run);

#endif
