/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Runs each piece of work once, so that callgrind can count its instructions.
 *
 *	count CORPUS [NAME]   run all work, or only work whose name begins
 *	                      with NAME; print a line for each piece:
 *	                      NAME UNIT ITEMS SIZE ALLOCATIONS MEMORY OCTETS
 *	count --fit           read lines SERIES SIZE COST, grouped by series;
 *	                      print each series with its fit; fail if one
 *	                      is not a straight line, or costs more than
 *	                      2.02 times as much at twice the size
 *
 * bench/instructions.sh lets callgrind write a profile each time measured()
 * returns, and combines the profiles with these lines.
 */
#include <stdio.h>
#include <string.h>

#include "fit.h"
#include "table.h"
#include "workload.h"

#define MOST 64

/* When the size doubles, a cost may grow by this factor at most. */
#define DOUBLE_MOST 2.02

__attribute__((noinline)) static void
measured(const struct workload *workload)
{
	workload->run(workload);
	/* Prevents a tail call, so that callgrind sees this function return. */
	__asm__ volatile("" ::: "memory");
}

static int
run_all(const char *corpus, const char *begin)
{
	const struct workload *row;
	size_t i;

	table_fill(corpus);
	for (i = 0; (row = workload_at(i)) != NULL; i++) {
		if (strncmp(row->name, begin, strlen(begin)) != 0)
			continue;
		if (row->counted) {
			row->prepare(row);
			/* The first run is not counted, because it also binds
			 * symbols and fills static data. */
			row->run(row);
			measured(row);
		} else if (row->memory < 0) {
			continue;
		}
		printf("%s %s %.0f %.0f %.0f %.0f %.0f\n", row->name, row->unit,
		    row->items, row->size, row->allocations, row->memory,
		    row->octets);
	}
	return 0;
}

/* Returns the highest factor by which the cost grows when the size doubles. */
static double
growth_of(const double *sizes, const double *costs, size_t count)
{
	double most = 0;
	size_t i;

	for (i = 1; i < count; i++)
		if (costs[i] / costs[i - 1] * 2 * sizes[i - 1] / sizes[i] >
		    most)
			most = costs[i] / costs[i - 1] * 2 * sizes[i - 1] /
			    sizes[i];
	return most;
}

static bool
show_fit(const char *name, const double *sizes, const double *costs,
    size_t count)
{
	struct fit fit = fit_of(sizes, costs, count);
	double growth = growth_of(sizes, costs, count);
	bool linear = count > 2 && fit_is_linear(fit, true) &&
	    growth <= DOUBLE_MOST;

	printf(
	    "%-20s exponent %.3f, R2 %.5f, %.1f for each, at most x %.3f%s\n",
	    name, fit.exponent, fit.r2, fit.slope, growth,
	    linear ? "" : ": NOT LINEAR");
	return linear;
}

static int
fit_all(void)
{
	char name[64], last[64] = "";
	double sizes[MOST], costs[MOST], size, cost;
	size_t count = 0, series = 0, good = 0;

	while (scanf("%63s %lf %lf", name, &size, &cost) == 3) {
		if (count > 0 && strcmp(name, last) != 0) {
			series++;
			good += show_fit(last, sizes, costs, count);
			count = 0;
		}
		if (count == MOST)
			return 1;
		strcpy(last, name);
		sizes[count] = size;
		costs[count++] = cost;
	}
	if (count > 0) {
		series++;
		good += show_fit(last, sizes, costs, count);
	}
	printf("%zu of %zu kinds of input cost at most twice as much\n", good,
	    series);
	return series > 0 && good == series ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc != 2 && argc != 3) {
		fputs("usage: count CORPUS [NAME] | --fit\n", stderr);
		return 2;
	}
	return strcmp(argv[1], "--fit") == 0 ?
	    fit_all() :
	    run_all(argv[1], argc == 3 ? argv[2] : "");
}
