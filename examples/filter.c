/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * A filter before the queue: each command goes on to a back end when it
 * comes, and so do the octets of a message; the back end's replies come back.
 * No message is ever held, and one that is not wanted is refused in the middle
 * of its header, before the back end has seen an end of it.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/time.h>

#include "serve.h"

#define NAME "localhost"

struct answer {
	int  code;
	char enhanced[12];
	char text[2048];       /* its lines, with newlines between */
};

struct filter {
	const char         *host, *port;
	bool                lmtp;
	struct mailin_span  word;           /* not wanted in a subject */
	FILE               *in, *out;       /* the back end; NULL: none */
	struct answer       answer;
	char                keywords[2048]; /* its reply to EHLO */

	/* The message under way. */
	bool                open;           /* begun, and not ended there */
	struct mailin_stuff stuff;
	bool                in_body, at_line_start;
	char                field[1000];    /* of the header, unfolded */
	size_t              field_len;
};

static const char help[] =
"usage: filter --back-end HOST:PORT [--lmtp] [--word WORD] [--listen PORT]\n"
"\n"
"Passes mail from 127.0.0.1 on to a back end while it comes, but refuses a\n"
"message whose header has \"X-Test: spam\", or WORD in its subject.\n"
"\n"
"  --back-end HOST:PORT  where to\n"
"  --lmtp                speak LMTP, not SMTP, on both sides\n"
"  --word WORD           a word that is not wanted in a subject\n"
"  --listen PORT         the port, 2528 if not given, 0 for any\n"
"  --help                this text\n";

/* ---- The back end ---- */

static void
hang_up(struct filter *f)
{
	if (f->in != NULL)
		fclose(f->in);
	if (f->out != NULL)
		fclose(f->out);
	f->in = f->out = NULL;
	f->open = false;
}

static enum mailin_reply
gone(struct filter *f, struct mailin_session *session)
{
	hang_up(f);
	return mailin_session_reply(session, 451, "4.4.1",
	    "The back end does not answer");
}

/* Take an enhanced code (RFC 3463) off the front of *text, if one is there
 * that fits; else the class alone is known. */
static void
take_enhanced(struct answer *answer, const char **text)
{
	size_t len = strspn(*text, "0123456789.");
	bool fits = len < sizeof answer->enhanced && (*text)[len] == ' ' &&
	    len > 2 && (*text)[0] - '0' == answer->code / 100;

	snprintf(answer->enhanced, sizeof answer->enhanced, "%d.0.0",
	    answer->code / 100);
	if (fits) {
		memcpy(answer->enhanced, *text, len);
		answer->enhanced[len] = '\0';
		*text += len + 1;
	}
}

/* Send what is waiting, and read a reply.  False: there is none. */
static bool
hear(struct filter *f)
{
	struct answer *a = &f->answer;
	char line[1024];
	size_t len = 0;

	if (f->in == NULL || fflush(f->out) != 0)
		return false;
	a->text[0] = '\0';
	do {
		const char *text = line + 4;

		if (fgets(line, sizeof line, f->in) == NULL ||
		    strspn(line, "0123456789") != 3 || line[0] < '2')
			return false;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[3] == '\0')
			text = "";
		a->code = atoi(line);
		take_enhanced(a, &text);
		len += (size_t)snprintf(a->text + len, sizeof a->text - len,
		    len > 0 ? "\n%s" : "%s", text);
		if (len >= sizeof a->text)
			len = sizeof a->text - 1;
	} while (line[3] == '-');
	return true;
}

/* The back end's reply, for the client: its code and its text. */
static enum mailin_reply
pass_on(struct filter *f, struct mailin_session *session)
{
	if (!hear(f))
		return gone(f, session);
	/* 421: the back end goes, but the client may stay. */
	if (f->answer.code == 421) {
		hang_up(f);
		f->answer.code = 451;
	}
	return mailin_session_reply(session, f->answer.code,
	    f->answer.enhanced, "%s", f->answer.text);
}

static int
dial(const struct filter *f)
{
	static const struct timeval patience = { .tv_sec = 300 };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *a;
	int fd = -1;

	if (getaddrinfo(f->host, f->port, &hints, &all) != 0)
		return -1;
	for (a = all; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof patience);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		    sizeof patience);
		if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(all);
	return fd;
}

/* A connection that has greeted, if there is none yet. */
static bool
call(struct filter *f)
{
	int fd = f->in == NULL ? dial(f) : -1, copy = fd < 0 ? -1 : dup(fd);

	if (f->in != NULL)
		return true;
	f->in = fd < 0 ? NULL : fdopen(fd, "r");
	f->out = copy < 0 ? NULL : fdopen(copy, "w");
	if (f->out != NULL && hear(f) && f->answer.code == 220) {
		fprintf(f->out, "%s " NAME "\r\n", f->lmtp ? "LHLO" : "EHLO");
		if (hear(f) && f->answer.code == 250) {
			memcpy(f->keywords, f->answer.text,
			    sizeof f->keywords);
			return true;
		}
	}
	hang_up(f);
	return false;
}

/* The keyword stands in one of the lines of the reply to EHLO. */
static bool
offers(const struct filter *f, const char *keyword)
{
	const char *line = strchr(f->keywords, '\n');

	for (; line != NULL; line = strchr(line, '\n')) {
		struct mailin_span word = { ++line, strcspn(line, " \n") };

		if (mailin_span_iequal(word, keyword))
			return true;
	}
	return false;
}

/* ---- The envelope ---- */

/* A parameter goes on to a back end that has the extension. */
static const struct {
	char                  parameter[12];
	char                  keyword[12];
	enum mailin_extension extension;
} known[] = {
	{ "SIZE",     "SIZE",     MAILIN_EXTENSION_SIZE     },
	{ "BODY",     "8BITMIME", MAILIN_EXTENSION_8BITMIME },
	{ "SMTPUTF8", "SMTPUTF8", MAILIN_EXTENSION_SMTPUTF8 },
	{ "RET",      "DSN",      MAILIN_EXTENSION_DSN      },
	{ "ENVID",    "DSN",      MAILIN_EXTENSION_DSN      },
	{ "NOTIFY",   "DSN",      MAILIN_EXTENSION_DSN      },
	{ "ORCPT",    "DSN",      MAILIN_EXTENSION_DSN      },
};

#define KNOWN (sizeof known / sizeof known[0])

static enum mailin_reply
forward(struct filter *f, struct mailin_session *session, const char *verb,
    const struct mailin_path *path, struct mailin_span parameters)
{
	struct mailin_span keyword, value;

	/* A source route is not passed on (RFC 5321 appendix C). */
	if (path->kind == MAILIN_PATH_MAILBOX)
		fprintf(f->out, "%s:<%.*s@%.*s>", verb,
		    (int)path->local.len, path->local.ptr,
		    (int)path->domain.len, path->domain.ptr);
	else
		fprintf(f->out, "%s:%.*s", verb, (int)path->text.len,
		    path->text.ptr);
	while (mailin_parameter_next(&parameters, &keyword, &value))
		for (size_t i = 0; i < KNOWN; ++i)
			if (mailin_span_iequal(keyword, known[i].parameter) &&
			    offers(f, known[i].keyword))
				fprintf(f->out, " %s%s%.*s",
				    known[i].parameter,
				    value.ptr != NULL ? "=" : "",
				    (int)value.len, value.ptr);
	fputs("\r\n", f->out);
	return pass_on(f, session);
}

static enum mailin_reply
mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	if (!call(user))
		return gone(user, session);
	return forward(user, session, "MAIL FROM", &mail->path,
	    mail->parameter_text);
}

static enum mailin_reply
rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct filter *f = user;

	if (f->in == NULL)
		return gone(f, session);
	return forward(f, session, "RCPT TO", &rcpt->path,
	    rcpt->parameter_text);
}
