/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "client/descriptors.h"
#include "log/log.h"

/* For what is opened for a moment: the time zone, and the like. */
#define SPARE 4

/* The socket of a client that is told that there are too many, and the file or
 * the directory that a worker has open beside it. */
static rlim_t
for_ourselves(const struct options *options)
{
	return SPARE + (rlim_t)options->threads;
}

static rlim_t
for_clients(const struct options *options, unsigned clients)
{
	return (options->discard ? 1 : 2) * (rlim_t)clients;
}

void
descriptors_raise(const struct options *options)
{
	/* A loop has its listeners, and a handful of others. */
	rlim_t wanted = 64 + for_ourselves(options) +
	    options->threads * (8 + (rlim_t)options->listen_count) +
	    for_clients(options, options->max_connections);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* How many of the first limit descriptors are not open. */
static rlim_t
count_free(rlim_t limit)
{
	rlim_t count = 0;
	int fd;

	for (fd = 0; (rlim_t)fd < limit; fd++)
		count += fcntl(fd, F_GETFD) < 0;
	return count;
}

bool
descriptors_share(struct service *service)
{
	const struct options *options = service->options;
	rlim_t wanted = for_ourselves(options) +
	    for_clients(options, options->max_connections);
	struct rlimit limit;
	rlim_t left;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur / 2 > wanted)
		return true;
	left = count_free(limit.rlim_cur);
	if (left >= wanted)
		return true;
	left = left > for_ourselves(options) ? left - for_ourselves(options) :
					       0;
	service->max_connections = (unsigned)(left / for_clients(options, 1));
	log_error("the limit of %llu descriptors (ulimit -n) leaves room for "
		  "%u clients at the same time, not %u",
	    (unsigned long long)limit.rlim_cur, service->max_connections,
	    options->max_connections);
	return service->max_connections > 0;
}
