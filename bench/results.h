/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_RESULTS_H
#define MAILIN_BENCH_RESULTS_H

#include <string>
#include <vector>

#include "fit.h"
#include "workload.h"

/* The result of one workload.  Times are for one item of it. */
struct Result {
	const struct workload *workload;
	double ns; /* median */
	double least;
	double spread; /* interquartile range / median */
};

struct Growth {
	std::string name;
	struct fit fit;
};

/* Compute the other members from the times of a run, in ns. */
void summarize(Result &result, std::vector<double> times);

/* Returns the octets for each nanosecond, which are GB/s. */
double octets_per_ns(const Result &result);

/* Write the results as JSON (README.md).  Returns false, after a message, if
 * the file cannot be written. */
bool write_results(const char *path, const std::vector<Result> &results,
    const std::vector<Growth> &growths);

#endif
