/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_SERIES_H
#define MAILIN_BENCH_SERIES_H

#include <string>
#include <vector>

#include "results.h"

/*
 * Time all growing work whose name matches the regular expression ("" matches
 * all).  Adds the times to results, and a fit of each series to growths.
 * Returns true if each series is a straight line.
 */
bool time_series(const std::string &filter, std::vector<Result> &results,
    std::vector<Growth> &growths);

#endif
