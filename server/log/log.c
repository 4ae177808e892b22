/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log/line_writer.h"
#include "log/log.h"

/* How long the server waits at its end for the readers of the log, in
 * seconds. */
#define LAST_LINES 1

static struct line_writer out_writer = LINE_WRITER_INIT(STDOUT_FILENO);
static struct line_writer error_writer = LINE_WRITER_INIT(STDERR_FILENO);
static struct line_writer *news = &error_writer;

/* If stdout and stderr are the same file, one writer for both keeps the order
 * of lines, and keeps each line whole. */
static bool
are_one_file(void)
{
	struct stat out, error;

	return fstat(STDOUT_FILENO, &out) == 0 &&
	    fstat(STDERR_FILENO, &error) == 0 && out.st_dev == error.st_dev &&
	    out.st_ino == error.st_ino;
}

void
log_to_stdout(void)
{
	if (!are_one_file())
		news = &out_writer;
}

bool
log_start(void)
{
	int error = line_writer_start(&error_writer);

	if (error == 0)
		error = line_writer_start(&out_writer);
	if (error != 0)
		log_error("cannot start threads: %s", strerror(error));
	return error == 0;
}

void
log_stop(void)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LAST_LINES;
	line_writer_stop(&out_writer, &until);
	line_writer_stop(&error_writer, &until);
}

/* ---- Making a line ---- */

static bool
begin(struct log_record *record, struct line_writer *writer)
{
	record->text = NULL;
	record->out = open_memstream(&record->text, &record->len);
	if (record->out == NULL)
		line_writer_lose(writer);
	return record->out != NULL;
}

static void
end(struct log_record *record, struct line_writer *writer)
{
	putc('\n', record->out);
	if (fclose(record->out) == 0)
		line_writer_put(writer, record->text, record->len);
	else
		line_writer_lose(writer);
	free(record->text);
}

bool
log_begin(struct log_record *record)
{
	return begin(record, news);
}

void
log_end(struct log_record *record)
{
	end(record, news);
}

/* Write octets.  All but printable ASCII, and the characters in special, are
 * written as \xNN. */
static void
write_escaped(FILE *out, struct mailin_span octets, const char *special)
{
	size_t i;

	for (i = 0; i < octets.len; i++) {
		unsigned char c = (unsigned char)octets.ptr[i];

		if (c >= 0x20 && c <= 0x7e && strchr(special, c) == NULL)
			putc(c, out);
		else
			fprintf(out, "\\x%02X", c);
	}
}

void
log_value(FILE *out, struct mailin_span value)
{
	write_escaped(out, value, " \"'=\\");
}

void
log_field(FILE *out, const char *name, struct mailin_span value)
{
	fprintf(out, " %s=", name);
	log_value(out, value);
}

/* ---- The lines ---- */

void
log_line(const char *format, ...)
{
	struct log_record record;
	va_list arguments;

	if (!begin(&record, news))
		return;
	va_start(arguments, format);
	vfprintf(record.out, format, arguments);
	va_end(arguments);
	end(&record, news);
}

void
log_error(const char *format, ...)
{
	struct log_record record;
	va_list arguments;

	if (!begin(&record, &error_writer))
		return;
	fputs("mailin-server: ", record.out);
	va_start(arguments, format);
	vfprintf(record.out, format, arguments);
	va_end(arguments);
	end(&record, &error_writer);
}

void
log_trace(unsigned long session, enum mailin_direction direction,
    struct mailin_span line)
{
	struct log_record record;

	if (!begin(&record, &error_writer))
		return;
	fprintf(record.out, "#%lu %s ", session,
	    direction == MAILIN_TRACE_IN ? "<" : ">");
	write_escaped(record.out, line, "\\");
	end(&record, &error_writer);
}

void
log_client(unsigned long session, const struct mailin_peer *peer)
{
	struct log_record record;

	if (!begin(&record, &error_writer))
		return;
	fprintf(record.out, "#%lu = ", session);
	log_value(record.out, peer->address);
	fprintf(record.out, " port %u", peer->port);
	end(&record, &error_writer);
}

void
log_no_proxy(struct mailin_span address)
{
	log_error("%.*s is in --proxy-from and sent no PROXY header",
	    (int)address.len, address.ptr);
}

static void
write_fact(FILE *out, const char *name, struct mailin_span value)
{
	if (value.len == 0)
		return;
	fputs(name, out);
	log_value(out, value);
}

void
log_tls(unsigned long session, const struct mailin_tls *tls)
{
	struct log_record record;

	if (!begin(&record, &error_writer))
		return;
	fprintf(record.out, "#%lu =", session);
	write_fact(record.out, " ", tls->version);
	write_fact(record.out, " ", tls->cipher);
	write_fact(record.out, " server name ", tls->sni);
	write_fact(record.out, " protocol ", tls->alpn);
	write_fact(record.out, " certificate ", tls->client_name);
	end(&record, &error_writer);
}
