/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

void
relay_begin(struct relay *relay, const struct mailin_client_options *options,
    size_t step)
{
	struct mailin_client_options usual = {
		.size = sizeof usual,
		.name = "a.example",
	};

	memset(relay, 0, sizeof *relay);
	relay->step = step;
	relay->client = mailin_client_new(options != NULL ? options : &usual);
	ck_assert_ptr_nonnull(relay->client);
}

void
relay_end(struct relay *relay)
{
	mailin_client_free(relay->client);
	relay->client = NULL;
}

void
relay_note(struct relay *relay, const char *format, ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(relay->log + relay->len, sizeof relay->log - relay->len,
	    format, arguments);
	va_end(arguments);
	ck_assert_uint_lt(relay->len + (size_t)len + 1, sizeof relay->log);
	relay->len += (size_t)len;
	relay->log[relay->len++] = '\n';
	relay->log[relay->len] = '\0';
}

void
relay_call(struct relay *relay, enum mailin_error error)
{
	if (error != MAILIN_OK)
		relay_note(relay, "error %s", mailin_error_name(error));
}

void
relay_send(struct relay *relay)
{
	struct mailin_span out = mailin_client_output(relay->client);
	char text[4096];
	size_t i, from = 0;

	ck_assert_uint_le(out.len, sizeof text);
	if (out.len == 0)
		return;
	memcpy(text, out.ptr, out.len);
	ck_assert_int_eq(mailin_client_sent(relay->client, out.len), MAILIN_OK);
	for (i = 0; i < out.len; i++)
		if (text[i] == '\n') {
			ck_assert_int_eq(text[i - 1], '\r');
			relay_note(relay, "> %.*s", (int)(i - 1 - from),
			    text + from);
			from = i + 1;
		}
	ck_assert_uint_eq(from, out.len);
}

const char *
relay_line(struct relay *relay)
{
	static char line[4096];
	struct mailin_span out = mailin_client_output(relay->client);

	ck_assert_uint_ge(out.len, 2);
	ck_assert_ptr_eq(memchr(out.ptr, '\n', out.len), out.ptr + out.len - 1);
	ck_assert_ptr_eq(memchr(out.ptr, '\r', out.len), out.ptr + out.len - 2);
	memcpy(line, out.ptr, out.len - 2);
	line[out.len - 2] = '\0';
	ck_assert_int_eq(mailin_client_sent(relay->client, out.len), MAILIN_OK);
	return line;
}

static void
note_reply(struct relay *relay, const struct mailin_client_reply *reply)
{
	char text[MAILIN_CLIENT_TEXT + 1], number[24] = "";
	size_t i;

	ck_assert_uint_le(reply->text.len, MAILIN_CLIENT_TEXT);
	memcpy(text, reply->text.ptr, reply->text.len);
	text[reply->text.len] = '\0';
	ck_assert_uint_eq(strlen(text), reply->text.len);
	for (i = 0; i < reply->text.len; i++)
		if (text[i] == '\n')
			text[i] = '|';
		else
			ck_assert(
			    (unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
	if (reply->of == MAILIN_CLIENT_RCPT ||
	    reply->of == MAILIN_CLIENT_MESSAGE)
		(void)snprintf(number, sizeof number, " %zu", reply->rcpt);
	relay_note(relay, "%s%s %d%s%s [%s]",
	    mailin_client_step_name(reply->of), number, reply->code,
	    reply->enhanced[0] != '\0' ? " " : "", reply->enhanced, text);
}

/* Feed one piece.  Returns false after a fault. */
static bool
feed_piece(struct relay *relay, struct mailin_span piece)
{
	struct mailin_client_reply reply;
	enum mailin_client_event event;

	while ((event = mailin_client_feed(relay->client, &piece, &reply)) ==
	    MAILIN_CLIENT_REPLY)
		note_reply(relay, &reply);
	ck_assert_int_eq(reply.code, 0);
	if (event == MAILIN_CLIENT_MORE) {
		ck_assert_uint_eq(piece.len, 0);
		return true;
	}
	relay_note(relay, "FAULT %s",
	    mailin_client_fault_name(mailin_client_fault_found(relay->client)));
	ck_assert_uint_eq(mailin_client_output(relay->client).len, 0);
	ck_assert(!mailin_client_ready(relay->client));
	return false;
}

void
relay_hear(struct relay *relay, struct mailin_span octets)
{
	relay_send(relay);
	while (octets.len > 0) {
		struct mailin_span piece = { octets.ptr,
			octets.len < relay->step ? octets.len : relay->step };

		octets.ptr += piece.len;
		octets.len -= piece.len;
		if (!feed_piece(relay, suite_edge(piece)))
			return;
	}
}

void
relay_text(struct relay *relay, const char *text)
{
	relay_hear(relay, mailin_span_of(text));
}

void
relay_greet(struct relay *relay, const struct mailin_client_options *options,
    size_t step, const char *keywords)
{
	char text[4096] = "250-mx.example hello\r\n";
	size_t len = strlen(text);

	relay_begin(relay, options, step);
	relay_text(relay, "220 mx.example ESMTP\r\n");
	ck_assert_int_eq(mailin_client_hello(relay->client), MAILIN_OK);
	while (*keywords != '\0') {
		memcpy(text + len, "250-", 4);
		len += 4;
		for (; *keywords != '\0' && *keywords != ' '; keywords++)
			text[len++] = *keywords == '=' ? ' ' : *keywords;
		memcpy(text + len, "\r\n", 2);
		len += 2;
		keywords += *keywords == ' ';
	}
	memcpy(text + len, "250 X\r\n", sizeof "250 X\r\n");
	relay_text(relay, text);
	ck_assert(mailin_client_ready(relay->client));
	relay->len = 0;
	relay->log[0] = '\0';
}

/* Parse the line after the verb, at the end of a page. */
static void
parse(struct mailin_command *command, const char *verb, const char *line)
{
	static char text[4096];
	size_t len = (size_t)snprintf(text, sizeof text, "%s%s\r\n", verb,
	    line);

	ck_assert_msg(mailin_command_parse_as(command, RELAXED, text, len) ==
		    len &&
		command->error == MAILIN_REPLY_OK,
	    "%s", text);
}

enum mailin_error
relay_mail(struct relay *relay, const char *line)
{
	struct mailin_command command;

	parse(&command, "MAIL FROM:", line);
	return mailin_client_mail(relay->client, &command.mail);
}

enum mailin_error
relay_rcpt(struct relay *relay, const char *line)
{
	struct mailin_command command;

	parse(&command, "RCPT TO:", line);
	return mailin_client_rcpt(relay->client, &command.rcpt);
}

void
relay_expect(struct relay *relay, const char *log)
{
	ck_assert_msg(strcmp(relay->log, log) == 0,
	    "by %zu octets:\n%s\nnot:\n%s", relay->step, relay->log, log);
	relay->len = 0;
	relay->log[0] = '\0';
}
