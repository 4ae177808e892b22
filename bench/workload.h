/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_WORKLOAD_H
#define MAILIN_BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The table of all pieces of work that are measured.  bench.cc measures the
 * time of each.  count.c runs each once, so that callgrind can count its
 * instructions.
 */

struct workload {
	char name[64];      /* "line/strict/30/cyclic" */
	const char *unit;   /* the name of an item: "line", "message" */
	double items;       /* number of items in a run */
	double octets;      /* octets read in a run; 0: none */
	double size;        /* for growing work: its size, the x of the fit */
	double allocations; /* allocations in a run; negative: not counted */
	double memory;      /* octets in use; negative: not counted */
	bool timed;         /* bench.cc measures its time */
	bool counted;       /* count.c counts its instructions */

	/* Prepare everything that run needs.  A later call, for this or another
	 * workload, may overwrite it. */
	void (*prepare)(const struct workload *workload);
	void (*run)(const struct workload *workload);
	void *with; /* private data of prepare and run */
};

/* A workload stores its result here, so that the compiler cannot remove the
 * work. */
extern volatile size_t workload_sink;

/* The compiler that built the library, such as "gcc 12.2.0". */
extern const char workload_compiler[];

struct workload *workload_at(size_t index); /* NULL after the last row */

/* Add a row to the table, with a name made from format.  Only the files that
 * fill the table call this. */
struct workload *workload_add(const char *unit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Returns memory that is never freed. */
void *workload_memory(size_t size);

/* Print what is wrong, and end the program. */
void workload_fail(const char *what, const char *which)
    __attribute__((noreturn));

/* Returns pseudo-random numbers, the same in each run. */
unsigned workload_random(unsigned long long *state);

#ifdef __cplusplus
}
#endif

#endif
