/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Work of growing size: more and more of each thing that a client can send.
 * Some inputs are chosen because their cost could most easily be more than
 * linear. */
#include <stdlib.h>
#include <string.h>

#include "growth_server.h"
#include "table.h"
#include "talk.h"
#include "workload.h"

#define STEPS 5 /* each step doubles the size */

/* What grows in a series: a command line, a message, the commands of a
 * session, the number of sessions, or the TLVs of a PROXY header. */
enum of {
	LINE,
	MESSAGE,
	COMMANDS,
	SESSIONS,
	HEADER
};

struct series {
	char name[20];
	enum of of;
	size_t least; /* the first size, in units */
	size_t feed;  /* octets in each feed; 0: all at once */
	const char *begin;
	const char *unit; /* the text that is repeated, or the type of TLVs */
	const char *end;
	enum growth_server server;
};

#define ENVELOPE "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\n"
/* As many unknown parameters as a command may have. */
#define UNKNOWN \
	"A=1 B=1 C=1 D=1 E=1 F=1 G=1 H=1 I=1 J=1 K=1 L=1 M=1 N=1 O=1 P=1"

static const struct series series[] = {
	{ "message-size", MESSAGE, 4096, 4096, "",
	    "What was taken is not lost again.\r\n", "", GROWTH_ACCEPTS },
	{ "messages", COMMANDS, 64, 4096, "",
	    "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n"
	    "Subject: a mail\r\n\r\nHello.\r\n.\r\n",
	    "", GROWTH_ACCEPTS },
	/* The first size is large enough that the replies fill the queue: with
	 * fewer commands, each command would cost less.  Other series below
	 * begin large for this reason, too. */
	{ "recipients", COMMANDS, 4096, 4096, "MAIL FROM:<a@a.example>\r\n",
	    "RCPT TO:<b@b.example>\r\n", "", GROWTH_ACCEPTS },
	{ "pipelined", COMMANDS, 64, 0, "",
	    "MAIL FROM:<a@a.example>\r\nRSET\r\n", "", GROWTH_ACCEPTS },
	/* The first size is large enough that libc cannot keep all freed blocks
	 * in its cache. */
	{ "sessions", SESSIONS, 128, 0, "", "", "", GROWTH_ACCEPTS },

	{ "quoted-string", LINE, 1024, 0, "MAIL FROM:<\"", "\\\"",
	    "\"@a.example>\r\n", GROWTH_ACCEPTS },
	{ "xtext-envid", LINE, 1024, 0, "MAIL FROM:<a@a.example> ENVID=", "+2B",
	    "\r\n", GROWTH_ACCEPTS },
	{ "xtext-auth", LINE, 2048, 0, "MAIL FROM:<a@a.example> AUTH=", "+2B",
	    "\r\n", GROWTH_ACCEPTS },
	{ "xtext-orcpt", LINE, 1024, 0, "RCPT TO:<b@b.example> ORCPT=rfc822;",
	    "+2B", "\r\n", GROWTH_ACCEPTS },
	{ "route", LINE, 1024, 0, "RCPT TO:<@a", ",@a", ":b@b.example>\r\n",
	    GROWTH_ACCEPTS },
	{ "parameters", LINE, 1024, 0, "MAIL FROM:<a@a.example>", " SIZE=1",
	    "\r\n", GROWTH_ACCEPTS },
	{ "domain", LINE, 1024, 0, "EHLO a", ".a", "\r\n", GROWTH_ACCEPTS },
	{ "cr-line", LINE, 8192, 0, "NOOP ", "\r", "\r\n", GROWTH_ACCEPTS },

	/* Each feed has 4096 octets, so the first one is longer than the limit
	 * of a line. */
	{ "cr-commands", COMMANDS, 16384, 4096, "NOOP ",
	    "\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r", "\r\n", GROWTH_ACCEPTS },
	{ "cr-message", MESSAGE, 1024, 4096, "", "\r", "\r\n", GROWTH_ACCEPTS },
	{ "lf-message", MESSAGE, 1024, 4096, "", "\n", "\r\n", GROWTH_ACCEPTS },
	{ "dots", MESSAGE, 1024, 4096, "", "..\r\n", "", GROWTH_ACCEPTS },
	{ "dot-cr", MESSAGE, 1024, 4096, "", ".\r", "\r\n", GROWTH_ACCEPTS },
	{ "octets-message", MESSAGE, 256, 1, "", "a mail\r\n", "",
	    GROWTH_ACCEPTS },
	{ "octets-line", COMMANDS, 1024, 1, "NOOP ", "x", "\r\n",
	    GROWTH_ACCEPTS },

	{ "8-bit", MESSAGE, 1024, 4096, "", "\xe2\x82\xac 10\r\n", "",
	    GROWTH_ACCEPTS },
	{ "8-bit-alone", MESSAGE, 4096, 4096, "", "\xff", "\r\n",
	    GROWTH_ACCEPTS },
	{ "auth-plain", COMMANDS, 512, 4096, "", "AUTH PLAIN AHUAcA==\r\n", "",
	    GROWTH_REFUSES },
	{ "auth-login", COMMANDS, 256, 4096, "",
	    "AUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\n", "", GROWTH_REFUSES },
	{ "auth-cancelled", COMMANDS, 512, 4096, "", "AUTH LOGIN\r\n*\r\n", "",
	    GROWTH_REFUSES },
	{ "auth-octets", COMMANDS, 512, 1, "AUTH PLAIN ", "AAAA", "\r\n",
	    GROWTH_REFUSES },
	{ "auth-response", COMMANDS, 512, 1, "AUTH LOGIN\r\n", "AAAA",
	    "\r\n*\r\n", GROWTH_REFUSES },
	{ "xclient", COMMANDS, 256, 4096, "",
	    "XCLIENT NAME=a.example ADDR=192.0.2.1 PORT=1 LOGIN=u HELO=h\r\n",
	    "", GROWTH_REFUSES },
	{ "xforward", COMMANDS, 256, 4096, "",
	    "XFORWARD NAME=a.example\r\nXFORWARD ADDR=192.0.2.1\r\n", "",
	    GROWTH_REFUSES },
	{ "bdat", COMMANDS, 512, 4096, ENVELOPE, "BDAT 1\r\nx",
	    "BDAT 0 LAST\r\n", GROWTH_REFUSES },
	{ "bdat-refused", COMMANDS, 512, 4096, "", "BDAT 1\r\nx", "",
	    GROWTH_REFUSES },
	{ "rcpt-refused", COMMANDS, 1024, 4096, "MAIL FROM:<a@a.example>\r\n",
	    "RCPT TO:<no@b.example>\r\n", "", GROWTH_REFUSES },
	{ "ignored", COMMANDS, 64, 4096, "",
	    "MAIL FROM:<a@a.example> " UNKNOWN "\r\nRSET\r\n", "",
	    GROWTH_REFUSES },
	{ "ignored-one", COMMANDS, 512, 0, "MAIL FROM:<a@a.example> X=", "x",
	    "\r\n", GROWTH_REFUSES },
	{ "ignored-many", COMMANDS, 512, 0, "MAIL FROM:<a@a.example> " UNKNOWN,
	    " X=1", "\r\n", GROWTH_REFUSES },
	{ "pending", COMMANDS, 128, 4096, "",
	    ENVELOPE "DATA\r\nHello.\r\n.\r\nVRFY a\r\nHELP\r\n"
		     "EHLO b.example\r\n",
	    "", GROWTH_PENDS },
	{ "pending-rcpt", COMMANDS, 2048, 4096, "MAIL FROM:<a@a.example>\r\n",
	    "RCPT TO:<b@b.example>\r\n", "", GROWTH_PENDS },
	{ "pending-data", MESSAGE, 1024, 64, "", "..\r\n", "", GROWTH_PENDS },
	{ "tlvs", HEADER, 64, 4096, "", "\xe0", "", GROWTH_PROXIED },
	{ "tlvs-octets", HEADER, 64, 1, "", "\xe0", "", GROWTH_PROXIED },
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
	struct mailin_session *session = growth_open(growing->config,
	    growing->series->server);

	growth_feed(session, talk_span(&growing->text),
	    feed == 0 ? growing->text.len : feed, workload->name);
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

/* Write a PROXY header of version 2 for TCP4, with empty TLVs.  The octet in
 * unit is the type of these TLVs. */
static void
write_header(struct growing *growing)
{
	struct mailin_span tlv = { (char[]){ *growing->series->unit, 0, 0 },
		3 };
	size_t len = 12 + 3 * growing->size, i;
	char most[] = { (char)(len >> 8), (char)len };

	talk_add_span(&growing->text,
	    (struct mailin_span){ "\r\n\r\n\0\r\nQUIT\n\x21\x11", 14 });
	talk_add_span(&growing->text, (struct mailin_span){ most, 2 });
	talk_add_span(&growing->text,
	    (struct mailin_span){ "\xc0\0\x02\x01\xc0\0\x02\x02\x30\0\0\x19",
		12 });
	for (i = 0; i < growing->size; i++)
		talk_add_span(&growing->text, tlv);
}

static void
write_text(struct growing *growing)
{
	const struct series *of = growing->series;
	size_t i;

	if (of->of == HEADER) {
		write_header(growing);
		return;
	}
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
	struct mailin_config *configs[GROWTH_SERVERS];
	size_t i, step;

	for (i = 0; i < GROWTH_SERVERS; i++)
		configs[i] = growth_config((enum growth_server)i);
	for (i = 0; i < sizeof series / sizeof series[0]; i++) {
		for (step = 0; step < STEPS; step++) {
			struct growing *growing = workload_memory(
			    sizeof *growing);
			struct workload *row = workload_add("run",
			    "growth/%s/%zu", series[i].name,
			    series[i].least << step);

			growing->series = &series[i];
			growing->config = configs[series[i].server];
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
