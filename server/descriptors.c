/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "descriptors.h"
#include "log/log.h"
#include "metrics/http.h"
#include "relay/links.h"

/* Descriptors for files that are open only for a moment, such as the file of
 * the time zone. */
#define SPARE 4

/* The most descriptors that are open at a time while a Maildir is opened
 * (store/maildir.c): the Maildir, its tmp and new, and three of a path that has
 * symbolic links (store/directory.c). */
#define MAILDIR_NEEDS 6

/* Returns how many descriptors the server needs later for itself.  One is for
 * the socket of a client that is accepted only to be refused, because there are
 * too many clients already.  Clients of the metrics need some, too. */
static rlim_t
for_ourselves(const struct options *options)
{
	return SPARE + (rlim_t)options->threads +
	    (options->metrics != NULL ? HTTP_PLACES : 0);
}

/* Returns how many descriptors are used by connections to back ends without a
 * client. */
static rlim_t
for_spare_links(const struct options *options, unsigned clients)
{
	return options->back_ends.count > 0 ? options->threads *
		(rlim_t)links_spare_for(clients, options->threads) :
					      0;
}

/* Returns how many descriptors the workers need beyond those of their clients:
 * some for the Maildir of a copy, if each recipient has a Maildir. */
static rlim_t
for_workers(const struct options *options, unsigned clients)
{
	unsigned busy = options->workers < clients ? options->workers : clients;

	return options_have_template(options) ? MAILDIR_NEEDS * (rlim_t)busy :
						0;
}

static rlim_t
for_clients(const struct options *options, unsigned clients)
{
	return (options->discard ? 1 : 2) * (rlim_t)clients +
	    MAILIN_REFUSED_MOST(clients) + for_spare_links(options, clients) +
	    for_workers(options, clients);
}

void
descriptors_raise(const struct options *options)
{
	/* Each loop has a socket for each address to listen on, and a few other
	 * descriptors. */
	rlim_t wanted = 64 + for_ourselves(options) +
	    options->threads * (8 + (rlim_t)options->listener_count) +
	    for_clients(options, options->max_connections);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Returns how many of the descriptors below limit are not open. */
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
descriptors_share(const struct options *options, unsigned *clients)
{
	rlim_t wanted = for_ourselves(options) + for_clients(options, *clients);
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
	while (*clients > 0 && for_clients(options, *clients) > left)
		--*clients;
	log_error("the limit of %llu descriptors (ulimit -n) leaves room for "
		  "%u clients at the same time, not %u",
	    (unsigned long long)limit.rlim_cur, *clients,
	    options->max_connections);
	return *clients > 0;
}
