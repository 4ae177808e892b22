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
#include "log/record.h"
#include "log/system_log.h"

/* At its end the server waits at most this many seconds for its last lines to
 * be written. */
#define LAST_LINES 1

/* The longest text of a line. */
#define TEXT_SIZE 4000

static struct line_writer out_writer = LINE_WRITER_INIT(STDOUT_FILENO);
static struct line_writer error_writer = LINE_WRITER_INIT(STDERR_FILENO);
static struct line_writer *news = &error_writer;
static enum log_destination destination = LOG_TO_STDOUT;

/* Returns true if stdout and stderr are the same file.  One writer is then used
 * for both, so that lines stay in order and are not mixed. */
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

void
log_to(enum log_destination to)
{
	destination = to;
}

/* Returns true if the file leads to journald (systemd.exec(5),
 * JOURNAL_STREAM). */
static bool
is_journal(int fd)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat facts;

	return text != NULL &&
	    sscanf(text, "%llu:%llu", &device, &inode) == 2 &&
	    fstat(fd, &facts) == 0 && facts.st_dev == device &&
	    facts.st_ino == inode;
}

static void
choose_form(void)
{
	if (destination == LOG_TO_SYSLOG) {
		news = &error_writer;
		system_log_open();
		error_writer.send = system_log_write;
	}
	stamp_set_form(destination != LOG_TO_STDOUT || is_journal(news->fd) ?
		FORM_LEVEL :
		FORM_TIMED);
}

bool
log_start(void)
{
	int error;

	choose_form();
	error = line_writer_start(&error_writer);
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

void
log_record(struct record *record)
{
	record_end(record);
	line_writer_put(news, record->text, record->len);
}

/* ---- Lines with a text ---- */

/* Write a message.  Before log_start the message has no fields, because a
 * person reads it. */
static void
put_text(struct line_writer *writer, enum log_level level, const char *format,
    va_list arguments)
{
	static const char name[] = "mailin-server: ";
	size_t at = level <= LEVEL_WARNING ? sizeof name - 1 : 0, len;
	char text[sizeof name + TEXT_SIZE + 1];
	struct record record;

	memcpy(text, name, at);
	vsnprintf(text + at, TEXT_SIZE, format, arguments);
	if (stamp_form() == FORM_PLAIN) {
		len = strlen(text);
		text[len] = '\n';
		line_writer_put(writer, text, len + 1);
		return;
	}
	record_begin(&record, level, NULL);
	record_message(&record, text + at);
	record_end(&record);
	line_writer_put(writer, record.text, record.len);
}

void
log_line(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_text(news, LEVEL_INFO, format, arguments);
	va_end(arguments);
}

void
log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_text(&error_writer, LEVEL_ERROR, format, arguments);
	va_end(arguments);
}

void
log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_text(&error_writer, LEVEL_WARNING, format, arguments);
	va_end(arguments);
}

/* ---- The trace ---- */

/* A line of the trace, which may be longer than a record. */
struct trace {
	FILE *out;
	char *text;
	size_t len;
};

static bool
begin(struct trace *trace)
{
	trace->text = NULL;
	trace->out = open_memstream(&trace->text, &trace->len);
	if (trace->out == NULL)
		line_writer_lose(&error_writer);
	else if (stamp_form() == FORM_LEVEL)
		fprintf(trace->out, "<%d>", LEVEL_DEBUG);
	return trace->out != NULL;
}

static void
end(struct trace *trace)
{
	putc('\n', trace->out);
	if (fclose(trace->out) == 0)
		line_writer_put(&error_writer, trace->text, trace->len);
	else
		line_writer_lose(&error_writer);
	free(trace->text);
}

/* Write octets.  An octet that is not printable ASCII, or that is in special,
 * is written as \xNN. */
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

static void
write_value(FILE *out, struct mailin_span value)
{
	write_escaped(out, value, " \"'=\\");
}

void
log_trace(unsigned long session, enum mailin_direction direction,
    struct mailin_span line)
{
	struct trace made;

	if (!begin(&made))
		return;
	fprintf(made.out, "#%lu %s ", session,
	    direction == MAILIN_TRACE_IN ? "<" : ">");
	write_escaped(made.out, line, "\\");
	end(&made);
}

void
log_client(unsigned long session, const struct mailin_peer *peer)
{
	struct trace made;

	if (!begin(&made))
		return;
	fprintf(made.out, "#%lu = ", session);
	write_value(made.out, peer->address);
	fprintf(made.out, " port %u", peer->port);
	end(&made);
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
	write_value(out, value);
}

void
log_tls(unsigned long session, const struct mailin_tls *tls)
{
	struct trace made;

	if (!begin(&made))
		return;
	fprintf(made.out, "#%lu =", session);
	write_fact(made.out, " ", tls->version);
	write_fact(made.out, " ", tls->cipher);
	write_fact(made.out, " server name ", tls->sni);
	write_fact(made.out, " protocol ", tls->alpn);
	write_fact(made.out, " certificate ", tls->client_name);
	end(&made);
}
