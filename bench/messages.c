/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Measures messages of several kinds in a whole session.  Most kinds are made
 * to cost much time.  They are sent by DATA in pieces of several sizes, with
 * each policy for newlines.  They are also sent by BDAT, line by line, and to a
 * handler that refuses them.  For comparison, a plain loop over the octets
 * converts the newlines into a buffer.
 */
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "talk.h"
#include "workload.h"

#define KIBI ((size_t)1024)
#define SIZE (64 * KIBI)
#define LINE ((size_t)78)

/* A kind of message repeats its unit; "?" is replaced by CR or LF at random. */
static const struct kind {
	const char *name;
	const char *unit;
	size_t len;
} kinds[] = {
#define KIND(name, unit) \
	{ \
		name, unit, sizeof unit - 1 \
	}
	KIND("text",
	    "What was taken is not lost again: no rule of the mail i"
	    "s older than this one\r\n"),
	KIND("bare-lf", "a bare LF every thirty-five octets\n"),
	KIND("random", "?"),
	KIND("lf", "\n"),
	KIND("cr", "\r"),
	KIND("lf-x", "\nx"),
	KIND("dots", "..\r\n"),
	KIND("dot-x", ".x"),
	KIND("nul", "\0"),
};

enum way {
	OCTET,
	DATA,
	BDAT,
	REFUSED
};

struct sending {
	const struct kind *kind;
	enum way way;
	size_t feed;
	struct mailin_config *config;
};

/* The current message, and the output of the octet loop. */
static char message[SIZE], copy[2 * SIZE];

static void
prepare(const struct workload *workload)
{
	const struct sending *sending = workload->with;
	const struct kind *kind = sending->kind;
	unsigned long long random = 1;
	size_t i;

	for (i = 0; i < SIZE; i++) {
		message[i] = kind->unit[i % kind->len];
		if (message[i] == '?')
			message[i] = "\r\n"[workload_random(&random) % 2];
	}
}

/* ---- The yardstick ------------------------------------------------------- */

enum state {
	LINE_START,
	TEXT,
	CR,
	DOT,
	DOT_CR
};

/* Returns the number of octets written.  The message has no end of data. */
static size_t
convert(const char *in, size_t len, char *out)
{
	enum state state = LINE_START;
	const char *end = in + len;
	char *start = out;

	for (; in < end; in++) {
		if (state == CR && *in != '\n')
			*out++ = ' ';
		if (state == DOT_CR && *in == '\n')
			return 0;
		if (*in == '\n') {
			*out++ = '\r';
			*out++ = '\n';
			state = state == CR ? LINE_START : TEXT;
		} else if (*in == '\r') {
			state = state == DOT ? DOT_CR : CR;
		} else if (state == LINE_START && *in == '.') {
			state = DOT;
		} else {
			*out++ = *in;
			state = TEXT;
		}
	}
	return (size_t)(out - start);
}

static void
run_octet(const struct workload *workload)
{
	(void)workload;
	workload_sink = convert(message, SIZE, copy);
}

/* ---- The session --------------------------------------------------------- */

/* Feed a message.  The session sends no reply before the end of the message, so
 * no output is read here. */
static void
feed_message(struct mailin_session *session, size_t feed)
{
	size_t at = 0, used;

	while (at < SIZE) {
		used = mailin_session_feed(session, message + at,
		    SIZE - at < feed ? SIZE - at : feed);
		if (used == 0)
			workload_fail("takes no input", "a message");
		at += used;
	}
}

static void
run_session(const struct workload *workload)
{
	static const char envelope[] =
	    "EHLO client.example.org\r\n"
	    "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n";
	const struct sending *sending = workload->with;
	struct mailin_session *session = sending->way == REFUSED ?
	    talk_open_refusing(sending->config) :
	    talk_open(sending->config);
	char command[32] = "DATA\r\n";

	if (sending->way == BDAT)
		snprintf(command, sizeof command, "BDAT %zu LAST\r\n", SIZE);
	talk_lines(session, mailin_span_of(envelope));
	talk_lines(session, mailin_span_of(command));
	feed_message(session, sending->feed);
	if (sending->way != BDAT)
		talk_lines(session, mailin_span_of("\r\n.\r\n"));
	if (mailin_session_want(session) != MAILIN_WANT_INPUT)
		workload_fail("the session has ended", workload->name);
	mailin_session_free(session);
}

/* ---- The table ----------------------------------------------------------- */

static struct mailin_config *
config_of(enum mailin_bare_newline newline)
{
	static struct mailin_config *configs[3];

	if (configs[newline] == NULL) {
		configs[newline] = talk_config(NULL, false, false);
		if (mailin_config_set_policy(configs[newline],
			MAILIN_POLICY_BARE_NEWLINE, (int)newline) != MAILIN_OK)
			workload_fail("no such policy", "message");
	}
	return configs[newline];
}

static struct workload *
add(const struct kind *kind, const char *name, enum way way,
    enum mailin_bare_newline newline, size_t feed)
{
	struct sending *sending = workload_memory(sizeof *sending);
	struct workload *row = workload_add("KiB", "message/%s/%s", kind->name,
	    name);

	sending->kind = kind;
	sending->way = way;
	sending->feed = feed;
	sending->config = config_of(newline);
	row->items = (double)(SIZE / KIBI);
	row->octets = (double)SIZE;
	row->prepare = prepare;
	row->run = way == OCTET ? run_octet : run_session;
	row->with = sending;
	row->counted = true;
	return row;
}

static void
add_kind(const struct kind *kind)
{
	add(kind, "octet", OCTET, MAILIN_BARE_NEWLINE_NORMALIZE, SIZE);
	add(kind, "data/512", DATA, MAILIN_BARE_NEWLINE_NORMALIZE, 512);
	add(kind, "data/4Ki", DATA, MAILIN_BARE_NEWLINE_NORMALIZE, 4 * KIBI);
	add(kind, "data/64Ki", DATA, MAILIN_BARE_NEWLINE_NORMALIZE, SIZE);
	add(kind, "reject/4Ki", DATA, MAILIN_BARE_NEWLINE_REJECT, 4 * KIBI);
	add(kind, "preserve/4Ki", DATA, MAILIN_BARE_NEWLINE_PRESERVE, 4 * KIBI);
	add(kind, "bdat/4Ki", BDAT, MAILIN_BARE_NEWLINE_NORMALIZE, 4 * KIBI);
	add(kind, "refused/4Ki", REFUSED, MAILIN_BARE_NEWLINE_NORMALIZE,
	    4 * KIBI);
}

void
messages_add(void)
{
	struct workload *row;
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		add_kind(&kinds[i]);
	row = add(&kinds[0], "line", DATA, MAILIN_BARE_NEWLINE_NORMALIZE, LINE);
	row->unit = "line";
	row->items = (double)SIZE / LINE;
}
