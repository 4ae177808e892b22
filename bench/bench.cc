/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Measures the time of each piece of work with Google Benchmark:
 *
 *	bench CORPUS RESULTS [--benchmark_filter=REGEX ...]
 *
 * It runs on one processor, after a warm-up, and repeats each piece of work
 * several times.  It measures processor time, since the machine may be shared.
 * It writes RESULTS (the format is in README.md).  For work of growing size
 * (growth.c), it fails unless the time against the size is a straight line.
 */
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#ifdef __linux__
#include <sched.h>
#endif

#include "results.h"
#include "series.h"
#include "table.h"
#include "workload.h"

namespace {

/* Use the last processor: the first one handles most of the interrupts. */
void
pin()
{
#ifdef __linux__
	cpu_set_t allowed, one;

	if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
		return;
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
		if (!CPU_ISSET(cpu, &allowed))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof one, &one) != 0)
			std::perror("bench: cannot keep to one processor");
		return;
	}
#endif
}

void
measure(benchmark::State &state, const struct workload *workload)
{
	workload->prepare(workload);
	workload->run(workload);
	for (auto _ : state)
		workload->run(workload);
}

/* Keeps the times of all repetitions of each workload.  They do not arrive in
 * the order of the table. */
class Reporter : public benchmark::BenchmarkReporter {
      public:
	std::map<std::string, std::vector<double>> times;

	bool
	ReportContext(const Context &) override
	{
		return true;
	}

	void
	ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs)
			if (run.run_type == Run::RT_Iteration)
				times[run.run_name.function_name].push_back(
				    run.GetAdjustedCPUTime());
	}
};

/* The results of all workloads: those that were timed, and those with other
 * figures only. */
std::vector<Result>
collect(const Reporter &reporter)
{
	const struct workload *workload;
	std::vector<Result> results;

	for (size_t i = 0; (workload = workload_at(i)) != nullptr; i++) {
		auto times = reporter.times.find(workload->name);

		if (times == reporter.times.end() && workload->memory < 0)
			continue;
		results.push_back({ workload, 0, 0, 0 });
		if (times != reporter.times.end())
			summarize(results.back(), times->second);
	}
	return results;
}

void
show(const std::vector<Result> &results)
{
	std::printf("%-34s %10s %10s %8s %8s\n", "", "median ns", "least ns",
	    "spread", "GB/s");
	for (const Result &result : results)
		std::printf("%-34s %10.1f %10.1f %6.1f %% %8.2f  per %s\n",
		    result.workload->name, result.ns, result.least,
		    100 * result.spread, octets_per_ns(result),
		    result.workload->unit);
}

} // namespace

int
main(int argc, char **argv)
{
	/*
	 * The user's options come after these, so they take precedence.  The
	 * repetitions of different workloads are interleaved: if the machine is
	 * slow for a second, all workloads suffer alike.
	 */
	static char repetitions[] = "--benchmark_repetitions=15";
	static char turns[] = "--benchmark_enable_random_interleaving=true";
	static char time[] = "--benchmark_min_time=0.02";
	std::vector<char *> arguments = { argv[0], repetitions, turns, time };
	const struct workload *workload;

	if (argc < 3) {
		std::fputs("usage: bench CORPUS RESULTS [--benchmark_...]\n",
		    stderr);
		return 2;
	}
	arguments.insert(arguments.end(), argv + 3, argv + argc);
	argc = static_cast<int>(arguments.size());
	arguments.push_back(nullptr);
	benchmark::Initialize(&argc, arguments.data());
	if (benchmark::ReportUnrecognizedArguments(argc, arguments.data()))
		return 2;

	pin();
	table_fill(argv[1]);
	for (size_t i = 0; (workload = workload_at(i)) != nullptr; i++)
		if (workload->timed)
			benchmark::RegisterBenchmark(workload->name, measure,
			    workload);
	Reporter reporter;
	benchmark::RunSpecifiedBenchmarks(&reporter);

	std::vector<Result> results = collect(reporter);
	std::vector<Growth> growths;
	show(results);
	bool good = time_series(benchmark::GetBenchmarkFilter(), results,
	    growths);
	return write_results(argv[2], results, growths) && good ? 0 : 1;
}
