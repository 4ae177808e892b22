/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Work that grows: more of each thing that a client can send, and inputs that
 * would cost most if a cost were not linear. */
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "talk.h"
#include "workload.h"

#define STEPS 5 /* each step doubles the size */

/* The thing that a series grows: a command line, a message, the commands of a
 * session, or the number of sessions. */
enum of {
	LINE,
	MESSAGE,
	COMMANDS,
	SESSIONS
};

struct series {
	char name[20];
	enum of of;
	size_t least; /* the first size, in units */
	size_t feed;  /* octets in each feed; 0: all at once */
	const char *begin;
	const char *unit; /* the text that is repeated */
	const char *end;
};

static const struct series series[] = {
	{ "message-size", MESSAGE, 4096, 4096, "",
	    "What was taken is not lost again.\r\n", "" },
	{ "messages", COMMANDS, 8, 4096, "",
	    "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n"
	    "Subject: a mail\r\n\r\nHello.\r\n.\r\n",
	    "" },
	/* So many commands fill the queue with replies; fewer commands cost
	 * less each. */
	{ "recipients", COMMANDS, 1024, 4096, "MAIL FROM:<a@a.example>\r\n",
	    "RCPT TO:<b@b.example>\r\n", "" },
	{ "pipelined", COMMANDS, 64, 0, "",
	    "MAIL FROM:<a@a.example>\r\nRSET\r\n", "" },
	/* Begin with more sessions than libc caches freed blocks for. */
	{ "sessions", SESSIONS, 128, 0, "", "", "" },

	{ "quoted-string", LINE, 1024, 0, "MAIL FROM:<\"", "\\\"",
	    "\"@a.example>\r\n" },
	{ "xtext-envid", LINE, 1024, 0, "MAIL FROM:<a@a.example> ENVID=", "+2B",
	    "\r\n" },
	{ "xtext-auth", LINE, 2048, 0, "MAIL FROM:<a@a.example> AUTH=", "+2B",
	    "\r\n" },
	{ "xtext-orcpt", LINE, 1024, 0, "RCPT TO:<b@b.example> ORCPT=rfc822;",
	    "+2B", "\r\n" },
	{ "route", LINE, 1024, 0, "RCPT TO:<@a", ",@a", ":b@b.example>\r\n" },
	{ "parameters", LINE, 1024, 0, "MAIL FROM:<a@a.example>", " SIZE=1",
	    "\r\n" },
	{ "domain", LINE, 1024, 0, "EHLO a", ".a", "\r\n" },
	{ "cr-line", LINE, 8192, 0, "NOOP ", "\r", "\r\n" },

	/* Each feed has 4096 octets, so the first one is longer than the limit
	 * of a line. */
	{ "cr-commands", COMMANDS, 16384, 4096, "NOOP ",
	    "\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r", "\r\n" },
	{ "cr-message", MESSAGE, 1024, 4096, "", "\r", "\r\n" },
	{ "lf-message", MESSAGE, 1024, 4096, "", "\n", "\r\n" },
	{ "dots", MESSAGE, 1024, 4096, "", "..\r\n", "" },
	{ "dot-cr", MESSAGE, 1024, 4096, "", ".\r", "\r\n" },
	{ "octets-message", MESSAGE, 256, 1, "", "a mail\r\n", "" },
	{ "octets-line", COMMANDS, 1024, 1, "NOOP ", "x", "\r\n" },
};

struct growing {
	const struct series *series;
	struct talk_text text;
	size_t size;
	struct mailin_config *config;
};

static void
run_line(const struct workload *workload)
{
	const struct growing *growing = workload->with;
	struct mailin_command command;

	workload_sink = mailin_command_parse(&command, growing->text.octets,
	    growing->text.len);
	if (workload_sink != growing->text.len)
		workload_fail("the line was not accepted", workload->name);
}

static void
run_session(const struct workload *workload)
{
	const struct growing *growing = workload->with;
	size_t feed = growing->series->feed;
	struct mailin_session *session = talk_open(growing->config);

	talk_feed(session, talk_span(&growing->text),
	    feed == 0 ? growing->text.len : feed);
	if (mailin_session_want(session) != MAILIN_WANT_INPUT)
		workload_fail("the session has ended", workload->name);
	mailin_session_free(session);
}

/* All sessions are open at the same time. */
static void
run_sessions(const struct workload *workload)
{
	const struct growing *growing = workload->with;
	struct mailin_session **sessions = workload_memory(
	    growing->size * sizeof *sessions);
	size_t i;

	for (i = 0; i < growing->size; i++)
		sessions[i] = talk_open(growing->config);
	for (i = 0; i < growing->size; i++)
		talk_feed(sessions[i], talk_span(&growing->text), SIZE_MAX);
	for (i = 0; i < growing->size; i++)
		mailin_session_free(sessions[i]);
	free(sessions);
}

static void
write_text(struct growing *growing)
{
	const struct series *of = growing->series;
	size_t i;

	if (of->of != LINE)
		talk_add(&growing->text, "EHLO client.example.org\r\n");
	if (of->of == MESSAGE)
		talk_add(&growing->text,
		    "MAIL FROM:<a@a.example>\r\n"
		    "RCPT TO:<b@b.example>\r\nDATA\r\n");
	talk_add(&growing->text, of->begin);
	for (i = 0; i < growing->size && of->of != SESSIONS; i++)
		talk_add(&growing->text, of->unit);
	talk_add(&growing->text, of->end);
	if (of->of == MESSAGE)
		talk_add(&growing->text, ".\r\n");
}

void
growth_add(void)
{
	struct mailin_config *config = talk_config(NULL, false, false);
	size_t i, step;

	for (i = 0; i < sizeof series / sizeof series[0]; i++) {
		for (step = 0; step < STEPS; step++) {
			struct growing *growing = workload_memory(
			    sizeof *growing);
			struct workload *row = workload_add("run",
			    "growth/%s/%zu", series[i].name,
			    series[i].least << step);

			growing->series = &series[i];
			growing->config = config;
			growing->size = series[i].least << step;
			write_text(growing);
			row->run = series[i].of == LINE ? run_line :
			    series[i].of == SESSIONS    ? run_sessions :
							  run_session;
			row->with = growing;
			row->size = (double)growing->size;
			row->octets = (double)growing->text.len;
			row->timed = false;
			row->counted = true;
		}
	}
}
