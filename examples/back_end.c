/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/time.h>

#include <mailin.h>

#include "back_end.h"

void
back_end_hang_up(struct back_end *b)
{
	if (b->in != NULL)
		fclose(b->in);
	if (b->out != NULL)
		fclose(b->out);
	b->in = b->out = NULL;
}

/* Take an enhanced code (RFC 3463) off the front of *text, if there is one of
 * the reply's class; else the class alone is known. */
static void
take_enhanced(struct back_end *b, char class, const char **text)
{
	size_t len = strspn(*text, "0123456789.");

	if (len > 1 && len < sizeof b->enhanced && (*text)[len] == ' ' &&
	    (*text)[0] == class && (*text)[1] == '.') {
		memcpy(b->enhanced, *text, len);
		b->enhanced[len] = '\0';
		*text += len + 1;
	} else {
		memcpy(b->enhanced, "?.0.0", sizeof "?.0.0");
		b->enhanced[0] = class;
	}
}

bool
back_end_hear(struct back_end *b)
{
	char line[1024];
	size_t len = 0;

	b->code = 0;
	if (b->in == NULL || fflush(b->out) != 0)
		return false;
	do {
		const char *text = line + 4;

		if (fgets(line, sizeof line, b->in) == NULL ||
		    strspn(line, "0123456789") != 3 || line[0] < '2' ||
		    line[0] > '5')
			return false;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[3] == '\0')
			text = "";
		b->code = atoi(line);
		take_enhanced(b, line[0], &text);
		len += (size_t)snprintf(b->text + len, sizeof b->text - len,
		    len > 0 ? "\n%s" : "%s", text);
		if (len >= sizeof b->text)
			len = sizeof b->text - 1;
	} while (line[3] == '-');
	return true;
}

static int
dial(const struct back_end *b)
{
	static const struct timeval patience = { .tv_sec = 300 };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *a;
	int fd = -1;

	if (getaddrinfo(b->host, b->port, &hints, &all) != 0)
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

/* A stream to read and one to write: stdio wants two. */
static bool
open_streams(struct back_end *b)
{
	int in = dial(b), out = in < 0 ? -1 : dup(in);

	if (out < 0) {
		if (in >= 0)
			close(in);
		return false;
	}
	b->in = fdopen(in, "r");
	b->out = fdopen(out, "w");
	if (b->in == NULL)
		close(in);
	if (b->out == NULL)
		close(out);
	return b->in != NULL && b->out != NULL;
}

bool
back_end_call(struct back_end *b)
{
	if (b->in != NULL)
		return true;
	b->keywords[0] = '\0';
	if (open_streams(b) && back_end_hear(b) && b->code == 220) {
		fprintf(b->out, "%s localhost\r\n", b->lmtp ? "LHLO" : "EHLO");
		if (back_end_hear(b) && b->code == 250) {
			memcpy(b->keywords, b->text, sizeof b->keywords);
			return true;
		}
	}
	back_end_hang_up(b);
	return false;
}

bool
back_end_offers(const struct back_end *b, const char *keyword)
{
	const char *line = b->keywords;

	/* The first line is the name of the host. */
	while ((line = strchr(line, '\n')) != NULL) {
		struct mailin_span word;

		++line;
		word.ptr = line;
		word.len = strcspn(line, " \n");
		if (mailin_span_iequal(word, keyword))
			return true;
	}
	return false;
}
