/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_FIT_H
#define MAILIN_BENCH_FIT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The cost of sizes that grow, by least squares: the straight line
 * cost = base + slope * size, and the exponent of the line through the
 * logarithms, 1 for a straight line through the origin, 2 for a square, less
 * than 1 for what costs something to begin with.
 */
struct fit {
	double base, slope;
	double r2;          /* how much of it the line explains, 1: all */
	double exponent;
};

struct fit fit_of(const double *sizes, const double *costs, size_t count);

/* A straight line, exactly (counted instructions) or as nearly as a clock can
 * tell. */
bool fit_is_linear(struct fit fit, bool exactly);

#ifdef __cplusplus
}
#endif

#endif
