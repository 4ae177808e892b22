/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include <mailin/name.h>

#include "metrics/counters.h"

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

/* The codes of replies that refuse a command: 400 to 599. */
#define FIRST_CODE 400
#define CODES      200

/* The verbs of the library, and the greeting. */
#define COMMANDS (MAILIN_VERB_COUNT + 1)

/* Upper bounds of the buckets of a histogram, in microseconds. */
static const uint64_t bounds[] = { 1000, 2500, 5000, 10000, 25000, 50000,
	100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000, 30000000,
	60000000 };

/* clang-format off */
static const struct {
	const char *name, *help;
} counters[COUNTERS] = {
[COUNT_CONNECTIONS] = { "connections", "Clients that were accepted" },
[COUNT_SENT_AWAY] = { "sent_away",
	"Clients that got 421 at once, since there were too many" },
[COUNT_LIMITED] = { "limits_reached",
	"Times that an address reached a limit, and got 421" },
[COUNT_PAUSES] = { "accept_pauses",
	"Times that no client could be accepted for a second" },
[COUNT_TLS_FAILURES] = { "tls_failures", "TLS handshakes that failed" },
[COUNT_NO_PROXY] = { "proxy_headers_missing",
	"Proxies that sent no PROXY header" },
[COUNT_BACK_END_CONNECTIONS] = { "back_end_connections",
	"Connections to back ends that were begun" },
[COUNT_BACK_END_FAILURES] = { "back_end_failures",
	"Connections to back ends that failed or broke" },
[COUNT_OCTETS_IN] = { "received_bytes",
	"Octets of SMTP received in sessions that have ended" },
[COUNT_OCTETS_OUT] = { "sent_bytes",
	"Octets of SMTP sent in sessions that have ended" },
};

static const struct {
	const char *name, *help;
} durations[DURATIONS] = {
[DURATION_MESSAGE] = { "message",
	"Time from MAIL to the reply to the message" },
[DURATION_STORE] = { "store", "Time to write a message to the disk" },
};
/* clang-format on */

/* "other" is any version that is not in the list. */
static const char *const versions[] = { "TLSv1.2", "TLSv1.3", "other" };

enum result {
	RESULT_OK,
	RESULT_LATER,  /* 4xx */
	RESULT_REFUSED /* 5xx */
};
static const char *const results[] = { "ok", "later", "refused" };

static bool counting;
static atomic_ullong sums[COUNTERS];
static atomic_ullong closed[MAILIN_CLOSE_MEMORY + 1];
static atomic_ullong tls[ROWS(versions)];
static atomic_ullong logins[ROWS(results)];
static atomic_ullong messages[ROWS(results)];
static atomic_ullong refusals[COMMANDS][CODES];
static atomic_llong certificate_expiry = INT64_MAX; /* no certificate */

static struct {
	atomic_ullong buckets[ROWS(bounds) + 1];
	atomic_ullong microseconds;
} times[DURATIONS];

/* ---- Counting ---- */

static void
add(atomic_ullong *sum, uint64_t more)
{
	if (counting)
		atomic_fetch_add_explicit(sum, more, memory_order_relaxed);
}

static uint64_t
read_sum(atomic_ullong *sum)
{
	return atomic_load_explicit(sum, memory_order_relaxed);
}

void
counters_start(void)
{
	counting = true;
}

void
count(enum counter counter, uint64_t more)
{
	add(&sums[counter], more);
}

void
count_close(enum mailin_close_reason reason)
{
	if ((size_t)reason < ROWS(closed))
		add(&closed[reason], 1);
}

void
count_tls(struct mailin_span version)
{
	size_t i = 0;

	while (
	    i < ROWS(versions) - 1 && !mailin_span_equal(version, versions[i]))
		i++;
	add(&tls[i], 1);
}

static enum result
result_of(int code)
{
	return code < 400 ? RESULT_OK :
	    code < 500    ? RESULT_LATER :
			    RESULT_REFUSED;
}

void
count_reply(const struct mailin_outcome *outcome)
{
	int code = outcome->code;
	size_t command = outcome->kind == MAILIN_OUTCOME_CONNECT ?
	    MAILIN_VERB_COUNT :
	    (size_t)outcome->verb;

	if (outcome->kind == MAILIN_OUTCOME_MESSAGE)
		add(&messages[result_of(code)], 1);
	if (outcome->kind == MAILIN_OUTCOME_COMMAND &&
	    outcome->verb == MAILIN_VERB_AUTH && code != 334)
		add(&logins[result_of(code)], 1);
	if (outcome->kind != MAILIN_OUTCOME_CLOSE && command < COMMANDS &&
	    code >= FIRST_CODE && code < FIRST_CODE + CODES)
		add(&refusals[command][code - FIRST_CODE], 1);
}

void
set_certificate_expiry(int64_t expires)
{
	atomic_store_explicit(&certificate_expiry, expires,
	    memory_order_relaxed);
}

struct timespec
duration_begin(void)
{
	struct timespec now = { .tv_sec = 0 };

	if (counting)
		clock_gettime(CLOCK_MONOTONIC, &now);
	return now;
}

void
count_duration(enum duration duration, const struct timespec *since)
{
	struct timespec now = duration_begin();
	uint64_t time;
	size_t i = 0;

	if (!counting || since->tv_sec == 0)
		return;
	time = (uint64_t)((now.tv_sec - since->tv_sec) * 1000000 +
	    (now.tv_nsec - since->tv_nsec) / 1000);
	while (i < ROWS(bounds) && time > bounds[i])
		i++;
	add(&times[duration].buckets[i], 1);
	add(&times[duration].microseconds, time);
}

/* ---- Writing ---- */

static void
write_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP mailin_%s %s.\n# TYPE mailin_%s %s\n", name, help,
	    name, type);
}

static void
write_sample(FILE *out, const char *name, const char *label, const char *value,
    uint64_t sum)
{
	fprintf(out, "mailin_%s{%s=\"%s\"} %" PRIu64 "\n", name, label, value,
	    sum);
}

static void
write_list(FILE *out, const char *name, const char *label,
    const char *const *values, atomic_ullong *list, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		write_sample(out, name, label, values[i], read_sum(&list[i]));
}

static void
write_counters(FILE *out)
{
	char name[64];
	size_t i;

	for (i = 0; i < COUNTERS; i++) {
		snprintf(name, sizeof name, "%s_total", counters[i].name);
		write_head(out, name, "counter", counters[i].help);
		fprintf(out, "mailin_%s %" PRIu64 "\n", name,
		    read_sum(&sums[i]));
	}
}

/* Read the number of closed sessions first.  A session is counted as begun
 * before it is counted as closed, so the difference is never negative. */
static void
write_sessions(FILE *out)
{
	uint64_t ended = 0, sum;
	size_t i;

	write_head(out, "sessions_ended_total", "counter",
	    "Sessions that have ended, by reason");
	for (i = 0; i < ROWS(closed); i++) {
		sum = read_sum(&closed[i]);
		ended += sum;
		write_sample(out, "sessions_ended_total", "reason",
		    mailin_close_reason_name((enum mailin_close_reason)i), sum);
	}
	sum = read_sum(&sums[COUNT_CONNECTIONS]);
	write_head(out, "sessions", "gauge", "Sessions at present");
	fprintf(out, "mailin_sessions %" PRIu64 "\n",
	    sum > ended ? sum - ended : 0);
}

/* Write nothing without a certificate: any number would be an alarm. */
static void
write_certificate_expiry(FILE *out)
{
	int64_t expires = atomic_load_explicit(&certificate_expiry,
	    memory_order_relaxed);

	if (expires == INT64_MAX)
		return;
	write_head(out, "certificate_expiry_timestamp_seconds", "gauge",
	    "Unix time when the first certificate in use expires");
	fprintf(out,
	    "mailin_certificate_expiry_timestamp_seconds %" PRId64 "\n",
	    expires);
}

/* Write only counts that are not 0: most commands never get most codes. */
static void
write_refusals(FILE *out)
{
	size_t i, code;

	write_head(out, "refusals_total", "counter",
	    "Replies 4xx and 5xx, by command and code");
	for (i = 0; i < COMMANDS; i++) {
		const char *command = i == MAILIN_VERB_COUNT ?
		    "CONNECT" :
		    i == MAILIN_VERB_UNKNOWN ?
		    "UNKNOWN" :
		    mailin_verb_name((enum mailin_verb)i);

		for (code = 0; code < CODES; code++) {
			uint64_t sum = read_sum(&refusals[i][code]);

			if (sum > 0)
				fprintf(out,
				    "mailin_refusals_total{command=\"%s\","
				    "code=\"%zu\"} %" PRIu64 "\n",
				    command, code + FIRST_CODE, sum);
		}
	}
}

static void
write_seconds(FILE *out, uint64_t microseconds)
{
	fprintf(out, "%" PRIu64 ".%06" PRIu64, microseconds / 1000000,
	    microseconds % 1000000);
}

static void
write_duration(FILE *out, size_t number)
{
	const char *name = durations[number].name;
	uint64_t sum = 0;
	char full[64];
	size_t i;

	snprintf(full, sizeof full, "%s_seconds", name);
	write_head(out, full, "histogram", durations[number].help);
	for (i = 0; i <= ROWS(bounds); i++) {
		sum += read_sum(&times[number].buckets[i]);
		fprintf(out, "mailin_%s_bucket{le=\"", full);
		if (i < ROWS(bounds))
			write_seconds(out, bounds[i]);
		else
			fputs("+Inf", out);
		fprintf(out, "\"} %" PRIu64 "\n", sum);
	}
	fprintf(out, "mailin_%s_sum ", full);
	write_seconds(out, read_sum(&times[number].microseconds));
	fprintf(out, "\nmailin_%s_count %" PRIu64 "\n", full, sum);
}

void
counters_write(FILE *out)
{
	size_t i;

	write_sessions(out);
	write_certificate_expiry(out);
	write_counters(out);
	write_head(out, "messages_total", "counter",
	    "Replies to messages, by result");
	write_list(out, "messages_total", "result", results, messages,
	    ROWS(messages));
	write_head(out, "logins_total", "counter",
	    "Replies to AUTH, by result");
	write_list(out, "logins_total", "result", results, logins,
	    ROWS(logins));
	write_head(out, "tls_sessions_total", "counter",
	    "TLS handshakes that succeeded, by version");
	write_list(out, "tls_sessions_total", "version", versions, tls,
	    ROWS(tls));
	write_refusals(out);
	for (i = 0; i < DURATIONS; i++)
		write_duration(out, i);
}
