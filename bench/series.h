/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_BENCH_SERIES_H
#define MAILIN_BENCH_SERIES_H

#include <string>
#include <vector>

#include "results.h"

/*
 * Time all work that grows and whose name matches the regular expression (""
 * for all), add it to results, and fit each series.  True if each is a
 * straight line.
 */
bool time_series(const std::string &filter, std::vector<Result> &results,
    std::vector<Growth> &growths);

#endif
