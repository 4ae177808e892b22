/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_COUNTERS_H
#define MAILIN_SERVER_COUNTERS_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <mailin/handler.h>

/*
 * The counters for Prometheus.  All functions may be called in any thread.  The
 * names of labels come from fixed lists, never from a client, so no client can
 * make the number of series grow.
 */

enum counter {
	COUNT_CONNECTIONS,
	COUNT_SENT_AWAY,
	COUNT_LIMITED,
	COUNT_PAUSES,
	COUNT_TLS_FAILURES,
	COUNT_NO_PROXY,
	COUNT_BACK_END_CONNECTIONS,
	COUNT_BACK_END_FAILURES,
	COUNT_OCTETS_IN,
	COUNT_OCTETS_OUT,
	COUNTERS
};

enum duration {
	DURATION_MESSAGE, /* from MAIL to the reply to the message */
	DURATION_STORE,   /* to write a message to the disk */
	DURATIONS
};

/* Begin to count.  Before this call the functions below do nothing. */
void counters_start(void);

void count(enum counter counter, uint64_t more);
void count_close(enum mailin_close_reason reason);
void count_tls(struct mailin_span version);

/* Count a reply, if it refuses something, or if it is the reply to a message or
 * a login. */
void count_reply(const struct mailin_outcome *outcome);

/* Set the time when the first certificate in use expires, in seconds since
 * 1970, or INT64_MAX if no certificate is in use.  Unlike the other functions,
 * this one also works before counters_start(). */
void set_certificate_expiry(int64_t expires);

/* duration_begin returns the current time.  count_duration counts the time that
 * has passed since then. */
struct timespec duration_begin(void);
void count_duration(enum duration duration, const struct timespec *since);

/* Write all counters in Prometheus' text format, version 0.0.4. */
void counters_write(FILE *out);

#endif
