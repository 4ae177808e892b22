/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_WORKLOAD_H
#define MAILIN_BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What is measured: a table of pieces of work.  bench.cc holds a clock to each
 * of them, count.c runs each once for callgrind to count its instructions.
 */

struct workload {
	char         name[64];     /* "line/strict/30/cyclic" */
	const char  *unit;         /* what items are: "line", "message" */
	double       items;        /* in a run */
	double       octets;       /* that a run goes through, 0: none */
	double       size;         /* growth: held against the cost of a run */
	double       allocations;  /* in a run; below 0: not counted */
	double       memory;       /* octets held; below 0: not counted */
	bool         timed;        /* by bench.cc */
	bool         counted;      /* by count.c */

	/* Lay out what run needs; what the last prepare laid out is gone. */
	void       (*prepare)(const struct workload *workload);
	void       (*run)(const struct workload *workload);
	void        *with;         /* theirs */
};

/* Where a workload puts what it found, so that no compiler leaves it out. */
extern volatile size_t workload_sink;

/* "gcc 12.2.0": what compiled the library. */
extern const char workload_compiler[];

struct workload *workload_at(size_t index); /* NULL behind the last */

/* For those who fill the table: a new row, named by a format. */
struct workload *workload_add(const char *unit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Memory that lives as long as the program does. */
void *workload_memory(size_t size);

/* Print why, and end the program. */
void workload_fail(const char *what, const char *which)
    __attribute__((noreturn));

/* Pseudo-random numbers, the same each time. */
unsigned workload_random(unsigned long long *state);

#ifdef __cplusplus
}
#endif

#endif
