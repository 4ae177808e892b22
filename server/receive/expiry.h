/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_EXPIRY_H
#define MAILIN_SERVER_EXPIRY_H

#include <event2/event_struct.h>

#include "receive/service.h"

/*
 * Says when certificates expire: those that new clients get, their issuers, and
 * those of --tls-client-ca.  A server may run for months, so it looks at them
 * not only when it reads them, but also once a day.
 */
struct expiry {
	const struct service *service;
	struct event daily; /* a timer */
};

/* Write a line to the log for each file with a certificate that has expired, or
 * that expires soon.  Tell the metrics when the first certificate expires. */
void expiry_tell(const struct service *service);

/* From now on call expiry_tell() once a day, in the thread of the event_base.
 * Without memory for that, the server runs without it. */
void expiry_watch(struct expiry *expiry, struct event_base *base,
    const struct service *service);

/* Call expiry_tell() now, since the files were read again.  The next day begins
 * now. */
void expiry_tell_again(struct expiry *expiry);

/* Call before the event_base is freed. */
void expiry_unwatch(struct expiry *expiry);

#endif
