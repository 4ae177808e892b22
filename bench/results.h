/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_RESULTS_H
#define MAILIN_BENCH_RESULTS_H

#include <string>
#include <vector>

#include "fit.h"
#include "workload.h"

/* What was measured of a workload, for one item of it. */
struct Result {
	const struct workload *workload;
	double                 ns;      /* median */
	double                 least;
	double                 spread;  /* of the middle half, of the median */
};

struct Growth {
	std::string name;
	struct fit  fit;
};

/* Fill in the rest, from the times of a run in ns. */
void summarize(Result &result, std::vector<double> times);

/* GB/s. */
double octets_per_ns(const Result &result);

/* As JSON (README.md).  False, and a message, if it cannot be written. */
bool write_results(const char *path, const std::vector<Result> &results,
    const std::vector<Growth> &growths);

#endif
