/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <event2/event.h>
#include <time.h>

#include "log/log.h"
#include "metrics/counters.h"
#include "receive/expiry.h"

/* A certificate is reported from this many days before it expires. */
#define SOON 14
#define DAY  (24 * 60 * 60)

static void
warn_of_end(const char *file, const char *which, int64_t expires)
{
	int64_t left = expires - (int64_t)time(NULL);

	if (left < 0)
		log_error("%s: %s certificate has expired", file, which);
	else if (left < (int64_t)SOON * DAY)
		log_warning("%s: %s certificate expires in %d days", file,
		    which, (int)((left + DAY - 1) / DAY));
}

/* Warn of the certificates of policy i.  Leave out a file that an earlier
 * policy names, too. */
static void
warn_of_policy(const struct files *files, size_t i)
{
	const struct options *options = files->options;
	const struct policy *policy = files->policy;
	size_t n;

	for (n = 0; n < policy->certificate_count; n++)
		if (!options_have_file(options, i,
			policy->certificates[n].certificate))
			warn_of_end(policy->certificates[n].certificate, "the",
			    mailin_tls_context_expires(files->tls, n));
	if (policy->tls_client_ca != NULL &&
	    !options_have_file(options, i, policy->tls_client_ca))
		warn_of_end(policy->tls_client_ca, "a",
		    mailin_tls_context_client_ca_expires(files->tls));
}

/* Returns the time when the first certificate of the context expires. */
static int64_t
first_end(const struct mailin_tls_context *tls)
{
	int64_t first = mailin_tls_context_client_ca_expires(tls), end;
	size_t n;

	for (n = 0; (end = mailin_tls_context_expires(tls, n)) != INT64_MAX;
	     n++)
		if (end < first)
			first = end;
	return first;
}

void
expiry_tell(const struct service *service)
{
	int64_t first = INT64_MAX, end;
	size_t i;

	for (i = 0; i < service->present->policy_count; i++) {
		const struct files *files = service->files[i];

		if (files->tls == NULL)
			continue;
		warn_of_policy(files, i);
		end = first_end(files->tls);
		if (end < first)
			first = end;
	}
	set_certificate_expiry(first);
}

static void
on_day(evutil_socket_t fd, short what, void *argument)
{
	const struct expiry *expiry = argument;

	(void)fd;
	(void)what;
	expiry_tell(expiry->service);
}

static void
begin_day(struct expiry *expiry)
{
	static const struct timeval day = { .tv_sec = DAY };

	if (event_add(&expiry->daily, &day) != 0)
		log_warning("no memory: until the next SIGHUP no certificate "
			    "that expires is reported");
}

void
expiry_watch(struct expiry *expiry, struct event_base *base,
    const struct service *service)
{
	expiry->service = service;
	(void)event_assign(&expiry->daily, base, -1, EV_PERSIST, on_day,
	    expiry);
	begin_day(expiry);
}

void
expiry_tell_again(struct expiry *expiry)
{
	expiry_tell(expiry->service);
	begin_day(expiry);
}

void
expiry_unwatch(struct expiry *expiry)
{
	if (event_initialized(&expiry->daily))
		event_del(&expiry->daily);
}
