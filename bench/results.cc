/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

#include "results.h"

/* The CFLAGS from the Makefile. */
#ifndef MAILIN_CFLAGS
#define MAILIN_CFLAGS ""
#endif

namespace {

/* Returns the processor's name as the system gives it, such as "AMD EPYC
 * 7763". */
std::string
processor()
{
	std::ifstream file("/proc/cpuinfo");
	std::string line;

	while (std::getline(file, line)) {
		size_t colon = line.find(": ");

		if (line.compare(0, 10, "model name") == 0 &&
		    colon != std::string::npos)
			return line.substr(colon + 2);
	}
	return "unknown";
}

/* Returns the text in quotes.  It must not contain a quote or a backslash. */
std::string
quoted(std::string text)
{
	for (char &c : text)
		if (c == '"' || c == '\\' || (c >= 0 && c < ' '))
			c = '?';
	return '"' + text + '"';
}

void
write_result(std::FILE *file, const Result &result)
{
	const struct workload &workload = *result.workload;

	std::fprintf(file, "    {\"name\": %s, \"unit\": %s",
	    quoted(workload.name).c_str(), quoted(workload.unit).c_str());
	if (result.ns > 0)
		std::fprintf(file,
		    ", \"ns\": %.6g, \"least_ns\": %.6g, "
		    "\"spread\": %.4f",
		    result.ns, result.least, result.spread);
	if (result.ns > 0 && workload.octets > 0)
		std::fprintf(file, ", \"gb_s\": %.6g", octets_per_ns(result));
	if (workload.size > 0)
		std::fprintf(file, ", \"size\": %.0f", workload.size);
	if (workload.allocations >= 0)
		std::fprintf(file, ", \"allocations\": %.0f",
		    workload.allocations);
	if (workload.memory >= 0)
		std::fprintf(file, ", \"octets\": %.0f", workload.memory);
	std::fputs("}", file);
}

} // namespace

void
summarize(Result &result, std::vector<double> times)
{
	size_t n = times.size();
	double items = result.workload->items;

	std::sort(times.begin(), times.end());
	result.ns = times[n / 2] / items;
	result.least = times[0] / items;
	result.spread = (times[3 * n / 4] - times[n / 4]) / times[n / 2];
}

double
octets_per_ns(const Result &result)
{
	const struct workload &workload = *result.workload;

	return result.ns > 0 ? workload.octets / workload.items / result.ns : 0;
}

bool
write_results(const char *path, const std::vector<Result> &results,
    const std::vector<Growth> &growths)
{
	std::FILE *file = std::fopen(path, "w");
	const char *comma = "\n";

	if (file == nullptr) {
		std::perror(path);
		return false;
	}
	std::fprintf(file,
	    "{\n  \"machine\": {\"processor\": %s, "
	    "\"processors\": %u, \"compiler\": %s},\n  \"results\": [",
	    quoted(processor()).c_str(), std::thread::hardware_concurrency(),
	    quoted(std::string(workload_compiler) + " " + MAILIN_CFLAGS)
		.c_str());
	for (const Result &result : results) {
		std::fputs(comma, file);
		write_result(file, result);
		comma = ",\n";
	}
	std::fputs("\n  ],\n  \"growth\": [", file);
	comma = "\n";
	for (const Growth &growth : growths) {
		std::fprintf(file,
		    "%s    {\"name\": %s, \"exponent\": %.4f, "
		    "\"r2\": %.5f, \"slope\": %.6g}",
		    comma, quoted(growth.name).c_str(), growth.fit.exponent,
		    growth.fit.r2, growth.fit.slope);
		comma = ",\n";
	}
	std::fputs("\n  ]\n}\n", file);
	if (std::fclose(file) != 0) {
		std::perror(path);
		return false;
	}
	return true;
}
