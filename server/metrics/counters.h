/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_COUNTERS_H
#define MAILIN_SERVER_COUNTERS_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <mailin/handler.h>

/*
 * What the server counts for Prometheus.  All functions may be called in any
 * thread.  The names of labels come from fixed lists, never from a client, so
 * that no client can make the list of series grow.
 */

enum counter {
	COUNT_CONNECTIONS,
	COUNT_SENT_AWAY,
	COUNT_LIMITED,
	COUNT_PAUSES,
	COUNT_TLS_FAILURES,
	COUNT_NO_PROXY,
	COUNT_OCTETS_IN,
	COUNT_OCTETS_OUT,
	COUNTERS
};

enum duration {
	DURATION_MESSAGE, /* from MAIL to the answer to the message */
	DURATION_STORE,   /* to write a message to the disk */
	DURATIONS
};

/* Before this call the functions below count nothing. */
void counters_start(void);

void count(enum counter counter, uint64_t more);
void count_close(enum mailin_close_reason reason);
void count_tls(struct mailin_span version);

/* Count a reply: refusals, messages and logins. */
void count_reply(const struct mailin_outcome *outcome);

/* Begin to measure; count the time since then. */
struct timespec duration_begin(void);
void count_duration(enum duration duration, const struct timespec *since);

/* Write all as text for Prometheus, version 0.0.4. */
void counters_write(FILE *out);

#endif
