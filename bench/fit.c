/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "fit.h"

struct line {
	double base, slope, r2;
};

static struct line
least_squares(const double *u, const double *v, size_t count)
{
	double n = (double)count, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		x += u[i];
		y += v[i];
		xx += u[i] * u[i];
		xy += u[i] * v[i];
		yy += v[i] * v[i];
	}
	xx -= x * x / n;
	xy -= x * y / n;
	yy -= y * y / n;
	return (
	    struct line){ (y - xy / xx * x) / n, xy / xx, xy * xy / (xx * yy) };
}

struct fit
fit_of(const double *sizes, const double *costs, size_t count)
{
	struct line line = least_squares(sizes, costs, count);
	double *u = malloc(2 * count * sizeof *u), *v = u + count;
	struct fit fit = { line.base, line.slope, line.r2, HUGE_VAL };
	size_t i;

	if (u == NULL)
		return fit;
	for (i = 0; i < count; i++) {
		u[i] = log(sizes[i]);
		v[i] = log(costs[i]);
	}
	fit.exponent = least_squares(u, v, count).slope;
	free(u);
	return fit;
}

bool
fit_is_linear(struct fit fit, bool exactly)
{
	return fit.slope > 0 && fit.exponent < (exactly ? 1.02 : 1.15) &&
	    fit.r2 > (exactly ? 0.999 : 0.98);
}
