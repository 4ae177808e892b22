/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_FIT_H
#define MAILIN_BENCH_FIT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A least-squares fit of cost against size: the straight line cost = base +
 * slope * size.  The exponent is the slope of the line through the logarithms:
 * 1 for a straight line through the origin, 2 for a square, and less than 1 if
 * there is a fixed cost.
 */
struct fit {
	double base, slope;
	double r2; /* share of the variance that the line explains */
	double exponent;
};

struct fit fit_of(const double *sizes, const double *costs, size_t count);

/* Returns true if the costs are on a straight line.  If exactly is true, the
 * costs are counted instructions; otherwise they are times, and the accuracy of
 * a clock is allowed for. */
bool fit_is_linear(struct fit fit, bool exactly);

#ifdef __cplusplus
}
#endif

#endif
