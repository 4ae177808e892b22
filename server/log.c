/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>

#include "log.h"

static FILE *news;

void
log_to(FILE *stream)
{
	news = stream;
	/* Unbuffered, as it is, each piece of a line would be a write. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

void
log_line(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	flockfile(news);
	vfprintf(news, format, arguments);
	putc('\n', news);
	fflush(news);
	funlockfile(news);
	va_end(arguments);
}

void
log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	flockfile(stderr);
	fputs("mailin-server: ", stderr);
	vfprintf(stderr, format, arguments);
	putc('\n', stderr);
	funlockfile(stderr);
	va_end(arguments);
}

void
log_trace(unsigned long session, enum mailin_direction direction,
    struct mailin_span line)
{
	flockfile(stderr);
	fprintf(stderr, "#%lu %s ", session,
	    direction == MAILIN_TRACE_IN ? "<" : ">");
	log_escaped(stderr, line);
	putc('\n', stderr);
	funlockfile(stderr);
}

void
log_client(unsigned long session, const struct mailin_peer *peer)
{
	flockfile(stderr);
	fprintf(stderr, "#%lu = ", session);
	log_escaped(stderr, peer->address);
	fprintf(stderr, " port %u\n", peer->port);
	funlockfile(stderr);
}

static void
log_fact(const char *name, struct mailin_span value)
{
	if (value.len == 0)
		return;
	fputs(name, stderr);
	log_escaped(stderr, value);
}

void
log_tls(unsigned long session, const struct mailin_tls *tls)
{
	flockfile(stderr);
	fprintf(stderr, "#%lu =", session);
	log_fact(" ", tls->version);
	log_fact(" ", tls->cipher);
	log_fact(" server name ", tls->sni);
	log_fact(" protocol ", tls->alpn);
	log_fact(" certificate ", tls->client_name);
	putc('\n', stderr);
	funlockfile(stderr);
}

void
log_escaped(FILE *stream, struct mailin_span octets)
{
	size_t i;

	for (i = 0; i < octets.len; i++) {
		unsigned char c = (unsigned char)octets.ptr[i];

		if (c >= 0x20 && c <= 0x7e && c != '\\')
			putc(c, stream);
		else
			fprintf(stream, "\\x%02X", c);
	}
}
