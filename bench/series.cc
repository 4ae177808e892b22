/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <cstdio>
#include <map>
#include <regex>

#include <time.h>

#include "series.h"

/*
 * The least time of several runs counts, because other work on the machine can
 * only add time.  The sizes of a series take turns, so that other work slows
 * all of them alike.  A series that is not a straight line is measured again
 * several times before it counts as a failure.
 */

namespace {

const int turns = 20, most_turns = 200;
const double least_sample = 2e5; /* ns */

double
now()
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return 1e9 * static_cast<double>(time.tv_sec) +
	    static_cast<double>(time.tv_nsec);
}

/* The time of one run.  Short runs are repeated until the total is long enough
 * for the clock. */
double
sample(const struct workload *workload)
{
	double begin = now(), taken;
	int runs = 0;

	do {
		workload->run(workload);
		runs++;
	} while ((taken = now() - begin) < least_sample);
	return taken / runs;
}

struct Series {
	std::vector<Result> results;

	struct fit
	fit() const
	{
		std::vector<double> sizes, costs;

		for (const Result &result : results) {
			sizes.push_back(result.workload->size);
			costs.push_back(result.least);
		}
		return fit_of(sizes.data(), costs.data(), sizes.size());
	}

	void
	time()
	{
		std::vector<std::vector<double>> times(results.size());
		int turn = 0;

		do {
			for (size_t i = 0; i < results.size(); i++)
				times[i].push_back(sample(results[i].workload));
			if (++turn % turns != 0)
				continue;
			for (size_t i = 0; i < results.size(); i++)
				summarize(results[i], times[i]);
		} while (turn % turns != 0 ||
		    (turn < most_turns && !fit_is_linear(fit(), false)));
	}
};

} // namespace

bool
time_series(const std::string &filter, std::vector<Result> &results,
    std::vector<Growth> &growths)
{
	std::map<std::string, Series> all;
	const struct workload *workload;
	bool good = true;

	for (size_t i = 0; (workload = workload_at(i)) != nullptr; i++) {
		std::string name = workload->name;

		if (workload->size == 0 ||
		    !std::regex_search(name, std::regex(filter)))
			continue;
		name.resize(name.rfind('/'));
		all[name].results.push_back({ workload, 0, 0, 0 });
	}
	for (auto &[name, series] : all) {
		if (series.results.size() < 3)
			continue;
		series.time();
		struct fit fit = series.fit();
		bool linear = fit_is_linear(fit, false);

		std::printf("%-34s exponent %.2f, R2 %.4f, %.1f ns each%s\n",
		    name.c_str(), fit.exponent, fit.r2, fit.slope,
		    linear ? "" : ": NOT LINEAR");
		std::fflush(stdout);
		growths.push_back({ name, fit });
		results.insert(results.end(), series.results.begin(),
		    series.results.end());
		good &= linear;
	}
	return good;
}
